/** Brings the page to life, and keeps its figures fresh. */

import { useModel } from "./animal.js";
import { columnsOf } from "./columns.js";
import { showNoEstimate } from "./estimate.js";
import { useModelForFiles } from "./file.js";
import { showMetrics, showModel, showStale } from "./model_card.js";
import { drawScale } from "./scale.js";
import { request } from "./service.js";

const REFRESH_MILLISECONDS = 10_000;
const RETRY_MILLISECONDS = 2_000;

let shown = null;

/** Look for another model, as it may be replaced while the service runs, and for the counters. */
async function refresh() {
  try {
    const model = await (await request("/model")).json();
    const served = `${model.version} ${model.digest}`;
    if (served !== shown) use(model);
    shown = served;
    showMetrics(await (await request("/metrics")).text());
    showStale("");
    setTimeout(refreshWhenVisible, REFRESH_MILLISECONDS);
  } catch (error) {
    showStale(error.message);
    if (shown === null) showNoEstimate([error.message, "The page tries again."], { atField: false });
    setTimeout(refreshWhenVisible, RETRY_MILLISECONDS);
  }
}

function refreshWhenVisible() {
  if (document.visibilityState === "visible") refresh();
  else document.addEventListener("visibilitychange", refreshWhenVisible, { once: true });
}

function use(model) {
  const columns = columnsOf(model);
  showModel(model);
  drawScale(model);
  useModel(model, columns);
  useModelForFiles(model, columns);
}

refresh();
