/** The service's counters, from Prometheus's text format. */

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;
const ROUTE = "/invocations";

/**
 * Read what the page shows.
 *
 * @param {string} text The answer of /metrics.
 * @returns {{requests: number, predicted: number, invalid: number, medianSeconds: number}} The median is NaN before
 *   the first request.
 */
export function readMetrics(text) {
  const samples = text.split("\n").flatMap(readSample);
  const sum = (name, labels) => matching(samples, name, labels).reduce((total, { value }) => total + value, 0);
  return {
    requests: sum("abalone_requests_total", { route: ROUTE }),
    predicted: sum("abalone_rows_total", { outcome: "predicted" }),
    invalid: sum("abalone_rows_total", { outcome: "invalid" }),
    medianSeconds: median(matching(samples, "abalone_request_duration_seconds_bucket", { route: ROUTE })),
  };
}

function readSample(line) {
  const match = SAMPLE.exec(line);
  if (match === null) return [];
  const [, name, labels = "", value] = match;
  return [
    {
      name,
      labels: Object.fromEntries([...labels.matchAll(LABEL)].map(([, key, text]) => [key, text])),
      value: Number(value),
    },
  ];
}

function matching(samples, name, labels) {
  const wanted = Object.entries(labels);
  return samples.filter(
    (sample) => sample.name === name && wanted.every(([key, value]) => sample.labels[key] === value),
  );
}

/** As Prometheus's histogram_quantile: even within the bucket that holds it. */
function median(samples) {
  const counts = new Map();
  for (const { labels, value } of samples) {
    const end = labels.le === "+Inf" ? Infinity : Number(labels.le);
    counts.set(end, (counts.get(end) ?? 0) + value);
  }
  const half = (counts.get(Infinity) ?? 0) / 2;
  if (half === 0) return NaN;
  let [start, below] = [0, 0];
  for (const [end, upTo] of [...counts].sort(([a], [b]) => a - b)) {
    if (upTo >= half) return end === Infinity ? start : start + ((end - start) * (half - below)) / (upTo - below);
    [start, below] = [end, upTo];
  }
  return NaN;
}
