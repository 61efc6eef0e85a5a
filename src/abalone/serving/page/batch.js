/** A file of animals: read here, predicted by the service in parts. */

import { onSurveyScale } from "./columns.js";
import { readCsv, writeCsv } from "./csv.js";
import { request } from "./service.js";

const ROWS_A_REQUEST = 5000;
const CHARACTERS_A_REQUEST = 4_000_000;

/**
 * Read a file's text.
 *
 * @param {string} text
 * @param {object} model The answer of /model.
 * @returns {{header: string[] | null, rows: string[][]}} Cells as they stand in the file.
 * @throws {Error} It is not a file that the service could read.
 */
export function readAnimals(text, model) {
  const rows = readCsv(text);
  if (rows.length === 0) throw new Error("The file is empty.");
  if (rows[0].length === 1 && rows[0][0].includes(";")) {
    throw new Error("The values are separated by semicolons: save the file with commas.");
  }
  const header = isHeader(rows[0], model) ? rows.shift() : null;
  if (rows.length === 0) throw new Error("The file has a header and no rows.");
  return { header, rows };
}

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

function isHeader(row, model) {
  const names = new Set(model.inputs.map(({ name }) => name));
  return row.some((cell) => names.has(cell.trim().toLowerCase()));
}

function converter(header, columns) {
  const places = header.map((cell) => columns.get(cell.trim().toLowerCase()));
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
