/** A file of animals, predicted by the service in parts. */

import { columnName, onSurveyScale } from "./columns.js";
import { writeCsv } from "./csv.js";
import { request } from "./service.js";

const ROWS_A_REQUEST = 5000;
const CHARACTERS_A_REQUEST = 4_000_000;

/**
 * Predict the animals of a file.
 *
 * @param {{header: string[] | null, rows: string[][]}} animals
 * @param {"survey" | "metric"} units Those of the file.
 * @param {Map<string, object>} columns As `columnsOf` makes them.
 * @param {{signal: AbortSignal, onProgress: (rows: number) => void}} options
 * @returns {Promise<object[]>} What became of each row, in their order.
 * @throws {Error} The units need a header that is not there, or the service refuses the file as a whole.
 */
export async function predictAnimals({ header, rows }, units, columns, { signal, onProgress }) {
  if (units === "metric" && header === null) {
    throw new Error("A file in millimetres and grams needs a header that names its columns.");
  }
  const sent = units === "metric" ? rows.map(converter(header, columns)) : rows;
  const outcomes = [];
  for (const part of parts(sent)) {
    const body = writeCsv(header === null ? part : [header, ...part]);
    outcomes.push(...(await predictPart(body, signal)));
    onProgress(outcomes.length);
  }
  return outcomes;
}

function converter(header, columns) {
  const places = header.map((cell) => columns.get(columnName(cell)));
  return (row) => row.map((cell, place) => (places[place] ? onSurveyScale(cell, places[place]) : cell));
}

/** Rows in their order, in parts that the service accepts. */
function* parts(rows) {
  let part = [];
  let characters = 0;
  for (const row of rows) {
    part.push(row);
    characters += row.reduce((sum, cell) => sum + cell.length + 1, 0);
    if (part.length < ROWS_A_REQUEST && characters < CHARACTERS_A_REQUEST) continue;
    yield part;
    [part, characters] = [[], 0];
  }
  if (part.length > 0) yield part;
}

async function predictPart(body, signal) {
  const headers = { "Content-Type": "text/csv; charset=utf-8", Accept: "application/json" };
  for (;;) {
    try {
      const response = await request("/invocations?invalid_rows=report", { method: "POST", headers, body, signal });
      return (await response.json()).predictions;
    } catch (error) {
      if (error.status !== 429) throw error;
      await pause(error.retrySeconds);
      signal.throwIfAborted();
    }
  }
}

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
