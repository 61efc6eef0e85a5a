/** What is measured, in the units of those who measure. */

import { numberIn } from "./numbers.js";
import { inWords, rounded } from "./words.js";

const WORDS = /'[^']*'|"[^"]*"|\s*\([^)]*\)|[a-z]+(?:_[a-z]+)*|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w%])/gi;

/**
 * The numeric columns by name: as in /model, but with all values in mm and g. `factor` is how many of those are a unit
 * of the survey's scale.
 *
 * @param {object} model The answer of /model.
 */
export function columnsOf(model) {
  const factors = { mm: model.units.millimetres_per_unit, g: model.units.grams_per_unit };
  const numeric = model.inputs.filter((input) => input.unit !== undefined);
  return new Map(
    numeric.map((input) => {
      const unit = input.unit.split(" ")[0];
      const factor = factors[unit];
      const values = Object.entries(input).filter(([, value]) => typeof value === "number");
      const measured = Object.fromEntries(values.map(([name, value]) => [name, rounded(value * factor)]));
      return [input.name, { ...input, ...measured, unit, factor }];
    }),
  );
}

/** A problem's message, of values on the survey's scale, in mm and g; what stands in brackets is about that scale. */
export function inMeasuredUnits({ column, message }, columns) {
  let current = columns.get(column);
  return message.replace(WORDS, (word) => {
    if (word.trimStart().startsWith("(")) return "";
    if (columns.has(word)) {
      current = columns.get(word);
      return inWords(word);
    }
    const value = numberIn(word);
    return current && !Number.isNaN(value) ? `${rounded(value * current.factor)} ${current.unit}` : word;
  });
}

/** A cell of a file in mm and g, on the survey's scale; what is no number stays as it is, for the service to refuse. */
export function onSurveyScale(cell, column) {
  const value = numberIn(cell);
  return Number.isNaN(value) ? cell : String(value / column.factor);
}

/** The name of a column as a header has it, in the service's spelling: `Whole weight` is `whole_weight`. */
export const columnName = (cell) => cell.trim().toLowerCase().replace(/[ ._-]+/g, "_");
