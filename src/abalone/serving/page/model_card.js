/** What the model is, and what the service has done with it. */

import { show } from "./document.js";
import { readMetrics } from "./metrics.js";
import { count, decimal, sentence } from "./words.js";

const DIGEST_CHARACTERS = 12;

const DATE = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });

/** Show a model, as /model tells of it. */
export function showModel(model) {
  const { rows, batches, sha256 } = model.training_data;
  fill("model", {
    name: model.name,
    version: model.version,
    created: `${DATE.format(new Date(model.created_at))} UTC`,
    animals: `${count(rows)} animals`,
    batches: Object.entries(batches)
      .map(([batch, animals]) => `${batch} (${count(animals)})`)
      .join(", "),
    data: `SHA-256 ${sha256.slice(0, DIGEST_CHARACTERS)}…`,
    interval: `made to hold the true count of ${decimal(model.interval_level * 100, 0)} in 100 animals`,
  });
  fill(
    "metric",
    Object.fromEntries(
      Object.entries(model.metrics).flatMap(([protocol, { rmse, mae }]) => [
        [`${protocol}.rmse`, decimal(rmse, 2)],
        [`${protocol}.mae`, decimal(mae, 2)],
      ]),
    ),
  );
}

/** Show the counters of the service. */
export function showMetrics(text) {
  const { requests, predicted, invalid, medianSeconds } = readMetrics(text);
  fill("counter", {
    requests: count(requests),
    predicted: count(predicted),
    invalid: count(invalid),
    median: Number.isNaN(medianSeconds) ? "–" : `${decimal(medianSeconds * 1000, medianSeconds < 0.01 ? 2 : 0)} ms`,
  });
}

/** Say that the figures are as they were; "" when they are fresh. */
export function showStale(reason) {
  show("stale", reason === "" ? "" : `Not up to date: ${sentence(reason)}`);
}

function fill(kind, values) {
  for (const place of document.querySelectorAll(`[data-${kind}]`))
    place.textContent = values[place.dataset[kind]] ?? "–";
}
