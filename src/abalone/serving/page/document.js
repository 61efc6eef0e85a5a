/** Small steps on the document. Data goes into it as text alone. */

/** @returns {HTMLElement} */
export const byId = (id) => document.getElementById(id);

/** Put a text into an element, and hide the element when there is none. */
export function show(id, text) {
  const element = byId(id);
  element.textContent = text;
  element.hidden = text === "";
}

/** An element of HTML with a text. */
export function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  return made;
}

/** Offer a text as a file to save. */
export function save(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  element("a", "", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
