/** The fields of one animal: their limits, their values, and what is wrong with them. */

import { byId, element, show } from "./document.js";
import { typedNumber } from "./numbers.js";
import { inWords, roughly } from "./words.js";

const SLIDER_STEP = { mm: 0.5, g: 0.1 };

const form = byId("animal-form");
const field = (name) => form.querySelector(`[data-column=${name}]`);
const slider = (name) => field(name).querySelector(".slider");

/** Give each field its limits, its typical range and its slider. */
export function describeFields(columns) {
  for (const [name, column] of columns) {
    byId(`${name}-hint`).replaceChildren(
      element("span", `typical ${roughly(column.typical_low)} to ${roughly(column.typical_high)} ${column.unit}`),
      " ",
      element(
        "span",
        `known ${roughly(column.training_minimum)} to ${roughly(column.training_maximum)} ${column.unit}`,
      ),
    );
    const range = slider(name);
    range.max = column.training_maximum;
    range.step = SLIDER_STEP[column.unit];
    range.style.setProperty("--low", column.typical_low / column.training_maximum);
    range.style.setProperty("--high", column.typical_high / column.training_maximum);
  }
  followFields(columns);
}

/** Let the sliders stand where the values are. */
export function followFields(columns) {
  for (const name of columns.keys()) followField(name);
}

/** Take over what was moved: a slider moves its field, a field its slider. */
export function takeOver(moved) {
  const name = moved.closest("[data-column]").dataset.column;
  if (name === "sex") return;
  if (moved === slider(name)) byId(name).value = moved.value;
  else followField(name);
}

function followField(name) {
  const value = typedNumber(byId(name).value);
  if (!Number.isNaN(value)) slider(name).value = value;
}

/**
 * Read the fields.
 *
 * @returns {{record: object, problems: object[]}} The animal on the survey's scale, and what is wrong with its values.
 */
export function readFields(columns) {
  const record = { sex: new FormData(form).get("sex") };
  const problems = [];
  for (const [name, column] of columns) {
    const text = byId(name).value.trim();
    const value = typedNumber(text);
    const message = fault(text, value, column);
    if (message) problems.push({ column: name, message });
    record[name] = value / column.factor;
  }
  return { record, problems };
}

/** Show each problem at its field, and clear the other fields. */
export function showProblems(problems) {
  for (const place of form.querySelectorAll("[data-column]")) {
    const name = place.dataset.column;
    const messages = problems.filter(({ column }) => column === name).map(({ message }) => message);
    show(`${name}-error`, messages.join(" "));
    byId(name)?.setAttribute("aria-invalid", String(messages.length > 0));
  }
}

/** Mark the fields that the model knows little of. */
export function showUnusual(names) {
  for (const place of form.querySelectorAll("[data-column]")) {
    place.classList.toggle("unusual", names.includes(place.dataset.column));
  }
}

function fault(text, value, { name, above, maximum, unit }) {
  const called = inWords(name);
  if (text === "") return `Give the ${called} as a number, in ${unit}.`;
  if (Number.isNaN(value)) return `${text} is not a number: give the ${called} in ${unit}.`;
  if (value <= above) return `The ${called} must be above ${above} ${unit}.`;
  if (value > maximum)
    return `The ${called} must be at most ${maximum} ${unit}: ${value} is more than any abalone has.`;
  return "";
}
