/** The estimate for one animal, in words and numbers. */

import { inMeasuredUnits } from "./columns.js";
import { byId, element, show } from "./document.js";
import { markEstimate, shareYounger } from "./scale.js";
import { decimal, sentence } from "./words.js";

const ANNOUNCE_AFTER_MILLISECONDS = 500;

let announcement = 0;

/** Show an estimate. */
export function showEstimate(prediction, model, columns) {
  const beyond = model.years_beyond_rings;
  const { age_years: age, rings, lower_rings: low, upper_rings: high } = prediction;
  const level = `${decimal(model.interval_level * 100, 0)} %`;
  const years = `${decimal(low + beyond)} to ${decimal(high + beyond)} years`;
  const place = `Older than ${decimal(shareYounger(model.rings, rings) * 100, 0)} % of the known animals.`;
  const warnings = prediction.warnings.map((warning) => sentence(inMeasuredUnits(warning, columns)));

  byId("readout").dataset.state = "known";
  byId("age").textContent = decimal(age);
  byId("interval").textContent = years;
  byId("interval-level").textContent = `${level} interval`;
  byId("rings").textContent = `${decimal(rings)} rings (${decimal(low)} to ${decimal(high)})`;
  byId("place").textContent = place;
  show("problem", "");
  showWarnings(warnings);
  markEstimate(prediction, beyond);
  announce([
    `Estimated age ${decimal(age)} years, ${level} interval ${years}, ${decimal(rings)} rings.`,
    place,
    ...warnings,
  ]);
}

/** Show that there is no estimate, and why. */
export function showNoEstimate(reasons, { atField }) {
  byId("readout").dataset.state = "unknown";
  byId("age").textContent = "–";
  byId("interval").textContent = atField ? "Check the marked value" : "No estimate";
  for (const id of ["interval-level", "rings", "place"]) byId(id).textContent = "";
  show("problem", atField ? "" : reasons.join(" "));
  showWarnings([]);
  markEstimate(null);
  announce(["No estimate.", ...reasons]);
}

function showWarnings(warnings) {
  byId("warnings").replaceChildren(...warnings.map((warning) => element("li", warning)));
  byId("warnings").hidden = warnings.length === 0;
}

/** Say it once the person pauses, as each keystroke makes another estimate. */
function announce(sentences) {
  clearTimeout(announcement);
  announcement = setTimeout(() => {
    byId("announcement").textContent = sentences.join(" ");
  }, ANNOUNCE_AFTER_MILLISECONDS);
}
