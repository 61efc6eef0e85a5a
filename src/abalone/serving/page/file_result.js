/** What became of the rows of a file: a table of the first, and all of them as CSV. */

import { columnName } from "./columns.js";
import { writeCsv } from "./csv.js";
import { byId, element } from "./document.js";
import { count, decimal } from "./words.js";

const ROWS_SHOWN = 100;
const OUT_OF_SCALE = new Set(["above_maximum", "above_training_range", "below_training_range"]);
const ADDED = ["rings", "lower_rings", "upper_rings", "age_years", "warnings", "errors"];

/** Show the counts and the first rows. */
export function showResult(result) {
  const { outcomes, name } = result;
  const invalid = outcomes.filter(({ errors }) => errors).length;
  const unusual = outcomes.filter(({ warnings }) => warnings?.length).length;
  const predicted = outcomes.length - invalid;
  const summary = `${count(predicted)} predicted, ${count(invalid)} invalid, ${count(unusual)} with warnings.`;
  const outOfScale = outcomes.filter((outcome) => remarksOf(outcome).some(({ code }) => OUT_OF_SCALE.has(code))).length;
  const doubt =
    outOfScale > outcomes.length / 2 ? " Most rows are unlike any known animal: are the units those of the file?" : "";

  byId("file-summary").textContent = summary + doubt;
  byId("file-announcement").textContent = `${name}: ${summary}${doubt}`;
  byId("file-result").hidden = false;
  showRows(result);
}

/** Show the first rows, or the first of those with remarks. */
export function showRows({ outcomes, wording, name, beyond }) {
  const remarkable = byId("file-remarkable").checked;
  const rows = outcomes
    .map((outcome, i) => ({ number: i + 1, outcome }))
    .filter(({ outcome }) => !remarkable || remarksOf(outcome).length > 0);
  const shown = rows.slice(0, ROWS_SHOWN);
  const kind = `${rows.length === 1 ? "row" : "rows"}${remarkable ? " with remarks" : ""}`;
  byId("file-caption").textContent =
    shown.length < rows.length
      ? `${name}: the first ${ROWS_SHOWN} of ${count(rows.length)} ${kind}; the download has all`
      : `${name}: ${count(rows.length)} ${kind}`;
  byId("file-rows").replaceChildren(...shown.map(({ number, outcome }) => tableRow(number, outcome, wording, beyond)));
}

/** All rows as they were, with what was predicted beside them. */
export function resultCsv({ header, rows, marked, outcomes, wording }) {
  const added = header?.some((cell) => ADDED.includes(columnName(cell)))
    ? ADDED.map((name) => `predicted_${name}`) // the file has counted rings of its own
    : ADDED;
  const lines = rows.map((row, i) => [...row, ...addedCells(outcomes[i], wording)]);
  const text = writeCsv(header === null ? lines : [[...header, ...added], ...lines]);
  return marked ? `\uFEFF${text}` : text;
}

function addedCells({ errors, warnings, rings, lower_rings, upper_rings, age_years }, wording) {
  if (errors) return ["", "", "", "", "", inOneCell(errors, wording)];
  return [rings, lower_rings, upper_rings, age_years].map(String).concat(inOneCell(warnings, wording), "");
}

const remarksOf = ({ errors, warnings }) => errors ?? warnings;

const inOneCell = (problems, wording) => problems.map(wording).join("; ");

function tableRow(number, outcome, wording, beyond) {
  const remarks = inOneCell(remarksOf(outcome), wording);
  const cells = outcome.errors
    ? [element("td", remarks, { colspan: "4", class: "error" })]
    : [
        element("td", decimal(outcome.age_years), { class: "strong" }),
        element("td", `${decimal(outcome.lower_rings + beyond)} to ${decimal(outcome.upper_rings + beyond)}`),
        element("td", decimal(outcome.rings)),
        element("td", remarks, { class: "warning" }),
      ];
  const row = element("tr");
  row.append(element("th", count(number), { scope: "row" }), ...cells);
  return row;
}
