/** One animal: each change of the form asks the service for an estimate. */

import { inMeasuredUnits } from "./columns.js";
import { byId } from "./document.js";
import { showEstimate, showNoEstimate } from "./estimate.js";
import { describeFields, followFields, readFields, showProblems, showUnusual, takeOver } from "./fields.js";
import { request } from "./service.js";
import { sentence } from "./words.js";

const TYPING_MILLISECONDS = 150;
const EMPTY_MILLISECONDS = 1000;
const RETRY_MILLISECONDS = 2000;

let model = null;
let columns = null;
let timer = 0;
let running = new AbortController();

/** Take a model's limits and scale, and estimate with it. */
export function useModel(newModel, newColumns) {
  model = newModel;
  columns = newColumns;
  describeFields(columns);
  estimate();
}

function estimateIn(milliseconds) {
  clearTimeout(timer);
  if (model !== null) timer = setTimeout(estimate, milliseconds);
}

async function estimate() {
  // An answer to earlier values must not come after a later one.
  running.abort();
  running = new AbortController();
  const { record, problems } = readFields(columns);
  if (problems.length > 0) return refuse(problems);
  try {
    const response = await request("/invocations?invalid_rows=refuse", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify([record]),
      signal: running.signal,
    });
    const [prediction] = (await response.json()).predictions;
    showProblems([]);
    showUnusual(prediction.warnings.map(({ column }) => column));
    showEstimate(prediction, model, columns);
  } catch (error) {
    if (error.name !== "AbortError") explain(error);
  }
}

function explain(error) {
  const atField = (error.problems ?? []).filter(({ column }) => column !== undefined);
  if (atField.length > 0) {
    refuse(atField.map((problem) => ({ ...problem, message: sentence(inMeasuredUnits(problem, columns)) })));
    return;
  }
  showProblems([]);
  if (error.status === 0 || error.status === 429 || error.status === 503) {
    showNoEstimate([sentence(error.message), "Your values are kept; the page tries again."], { atField: false });
    estimateIn(RETRY_MILLISECONDS);
  } else {
    showNoEstimate([sentence(error.message)], { atField: false });
  }
}

function refuse(problems) {
  showProblems(problems);
  showUnusual([]);
  showNoEstimate(
    problems.map(({ message }) => message),
    { atField: true },
  );
}

const form = byId("animal-form");

form.addEventListener("input", ({ target }) => {
  takeOver(target);
  // Somebody who empties a field is about to fill it.
  estimateIn(target.value === "" ? EMPTY_MILLISECONDS : TYPING_MILLISECONDS);
});

form.addEventListener("reset", () => {
  setTimeout(() => {
    if (model === null) return;
    followFields(columns);
    estimate();
  });
});

form.addEventListener("submit", (event) => event.preventDefault());
