/** The scale of ages: those of the known animals, and the estimate with its interval among them. */

import { byId } from "./document.js";
import { count, decimal } from "./words.js";

const MARGIN = { top: 44, right: 12, bottom: 44, left: 42 };
const AGE_STEP = 5;
const SHARE_STEP = 0.05;

const svg = byId("scale");
let drawn = null;
let marked = null;

/** Draw the ages of the known animals, and draw them again whenever its size changes. */
export function drawScale(model) {
  drawn = { model, bins: binsOf(model.rings) };
  const known = count(model.training_data.rows);
  const [young, old] = [0.25, 0.75].map((share) => decimal(ringsAt(drawn.bins, share) + model.years_beyond_rings, 0));
  byId("scale-text").textContent = `Ages of the ${known} known animals: half of them are ${young} to ${old} years old.`;
  draw();
}

/** Mark an estimate on the scale; null takes the mark away. */
export function markEstimate(prediction, beyond) {
  marked = prediction && {
    low: prediction.lower_rings + beyond,
    age: prediction.age_years,
    high: prediction.upper_rings + beyond,
  };
  if (drawn !== null) placeMark();
}

/** The share of the known animals that have fewer rings. */
export function shareYounger(histogram, rings) {
  return binsOf(histogram).reduce((sum, { from, to, share }) => {
    const below = Math.min(Math.max((rings - from) / (to - from), 0), 1);
    return sum + share * below;
  }, 0);
}

/** Bins with their ends in rings. Ring counts are whole, and a bin holds its upper edge: it ends half a ring beyond. */
function binsOf({ inner_edges: inner, shares, minimum, maximum }) {
  const edges = [minimum - 1, ...inner, maximum].map((edge) => edge + 0.5);
  return shares.map((share, i) => ({
    from: edges[i],
    to: edges[i + 1],
    share,
    density: share / (edges[i + 1] - edges[i]),
  }));
}

function ringsAt(bins, wanted) {
  let sum = 0;
  for (const { from, to, share } of bins) {
    if (sum + share >= wanted) return from + ((wanted - sum) / share) * (to - from);
    sum += share;
  }
  return bins.at(-1).to;
}

function draw() {
  const { model, bins } = drawn;
  const beyond = model.years_beyond_rings;
  const width = Math.max(svg.clientWidth, 240);
  const oldest = Math.ceil(bins.at(-1).to + beyond);
  const most = Math.max(...bins.map(({ density }) => density));
  const height = Math.max(svg.clientHeight, 200);
  const bottom = height - MARGIN.bottom;
  drawn.x = (age) => MARGIN.left + (Math.min(Math.max(age, 0), oldest) / oldest) * (width - MARGIN.left - MARGIN.right);
  const y = (density) => bottom - (density / most) * (bottom - MARGIN.top);
  const { x } = drawn;

  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.replaceChildren(
    ...steps(SHARE_STEP, most).flatMap((share) => [
      shape("line", { class: "grid", x1: x(0), x2: x(oldest), y1: y(share), y2: y(share) }),
      text(`${decimal(share * 100, 0)} %`, { class: "tick", x: x(0) - 8, y: y(share) + 4, "text-anchor": "end" }),
    ]),
    text("share of the known animals, a year of age", { class: "axis-title", x: 0, y: 14 }),
    ...bins.map(({ from, to, density }) =>
      shape("rect", {
        class: "known",
        x: x(from + beyond),
        width: x(to + beyond) - x(from + beyond),
        y: y(density),
        height: bottom - y(density),
      }),
    ),
    shape("line", { class: "axis", x1: x(0), x2: x(oldest), y1: bottom, y2: bottom }),
    ...steps(AGE_STEP, oldest).flatMap((age) => [
      shape("line", { class: "axis", x1: x(age), x2: x(age), y1: bottom, y2: bottom + 5 }),
      text(String(age), { class: "tick", x: x(age), y: bottom + 19, "text-anchor": "middle" }),
    ]),
    text("age in years", { class: "axis-title", x: x(oldest), y: height - 6, "text-anchor": "end" }),
    shape("rect", { class: "interval", width: 1, y: MARGIN.top - 12, height: bottom - MARGIN.top + 12 }),
    shape("line", { class: "end low", y1: MARGIN.top - 18, y2: MARGIN.top - 6 }),
    shape("line", { class: "end high", y1: MARGIN.top - 18, y2: MARGIN.top - 6 }),
    shape("line", { class: "point", y1: MARGIN.top - 12, y2: bottom }),
    shape("circle", { class: "point", cy: MARGIN.top - 12, r: 5.5 }),
  );
  placeMark();
}

function placeMark() {
  const { x } = drawn;
  svg.classList.toggle("marked", marked !== null);
  if (marked === null) return;
  const { low, age, high } = marked;
  move(".interval", `translateX(${x(low)}px) scaleX(${x(high) - x(low)})`);
  move(".low", `translateX(${x(low)}px)`);
  move(".high", `translateX(${x(high)}px)`);
  move(".point", `translateX(${x(age)}px)`);
}

/** By a transform, so that the style sheet can let it glide. */
function move(selector, transform) {
  for (const element of svg.querySelectorAll(selector)) element.style.transform = transform;
}

function steps(step, last) {
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
}

function shape(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  return made;
}

function text(content, attributes) {
  const made = shape("text", attributes);
  made.textContent = content;
  return made;
}

new ResizeObserver(() => drawn && draw()).observe(svg);
