/** The part of the page that takes a file, and gives it back with ages. */

import { predictAnimals } from "./batch.js";
import { inMeasuredUnits } from "./columns.js";
import { byId, save, show } from "./document.js";
import { readAnimals } from "./file_reading.js";
import { resultCsv, showResult, showRows } from "./file_result.js";
import { count, sentence } from "./words.js";

const LARGEST_BYTES = 50_000_000;
const SAMPLE = `sex,length,diameter,height,whole_weight,shucked_weight,viscera_weight,shell_weight
M,0.455,0.365,0.095,0.514,0.2245,0.101,0.15
F,0.53,0.42,0.135,0.677,0.2565,0.1415,0.21
I,0.33,0.255,0.08,0.205,0.0895,0.0395,0.055
`;

let model = null;
let columns = null;
let chosen = null;
let result = null;
let running = new AbortController();

/** Take the model that predicts the files to come. */
export function useModelForFiles(newModel, newColumns) {
  model = newModel;
  columns = newColumns;
}

async function predictFile(file) {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  chosen = file;
  show("file-problem", "");
  byId("file-result").hidden = true;
  try {
    if (model === null) throw new Error("The service has not answered yet: try again in a moment.");
    if (file.size > LARGEST_BYTES) throw new Error("The file is larger than 50 MB: split it, or send it by a program.");
    const units = new FormData(byId("file-form")).get("file-units");
    const animals = readAnimals(new Uint8Array(await file.arrayBuffer()), model);
    signal.throwIfAborted();
    showProgress(file.name, 0, animals.rows.length);
    const onProgress = (rows) => showProgress(file.name, rows, animals.rows.length);
    const outcomes = await predictAnimals(animals, units, columns, { signal, onProgress });
    const wording = units === "metric" ? (problem) => inMeasuredUnits(problem, columns) : ({ message }) => message;
    result = { ...animals, outcomes, wording, name: file.name, beyond: model.years_beyond_rings };
    showResult(result);
  } catch (error) {
    if (signal.aborted) return;
    show("file-problem", `${file.name}: ${sentence(error.message)}`);
  }
  byId("file-progress").hidden = true;
}

function showProgress(name, rows, all) {
  byId("file-progress").hidden = false;
  byId("file-bar-text").textContent = `${name}: ${count(rows)} of ${count(all)} rows`;
  byId("file-bar").max = all;
  byId("file-bar").value = rows;
}

const input = byId("csv-file");
input.addEventListener("change", () => {
  if (input.files.length > 0) predictFile(input.files[0]);
  // The same file may be chosen again, once it has been mended.
  input.value = "";
});

byId("file-units").addEventListener("change", () => chosen && predictFile(chosen));
byId("file-remarkable").addEventListener("change", () => showRows(result));
byId("file-download").addEventListener("click", () =>
  save(result.name.replace(/(\.\w+)?$/, "_ages.csv"), resultCsv(result)),
);
byId("sample").addEventListener("click", () => save("abalone_sample.csv", SAMPLE));

const drop = byId("drop");
// Wherever on the page a file falls, the browser must not leave the page for it.
for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());
for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, () => drop.classList.add("over"));
for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  if (event.dataTransfer.files.length > 0) predictFile(event.dataTransfer.files[0]);
});
