/** The API key, where the service asks for one. It stays in this tab. */

import { byId, show } from "./document.js";

const STORED = "abalone-api-key";
const PRINTABLE_ASCII = /^[\x20-\x7e]+$/; // what a header can carry

let wait = null;

/** The key that this tab sends, or null. */
export const storedKey = () => sessionStorage.getItem(STORED);

/**
 * Wait until the person has given a key other than one that was refused.
 *
 * @param {string | null} refused The key that was sent.
 * @param {AbortSignal} [signal]
 */
export function newKey(refused, signal) {
  if (storedKey() !== refused) return Promise.resolve();
  if (wait === null || refused !== wait.refused) openAccess(refused);
  return new Promise((resolve, reject) => {
    wait.resolves.push(resolve);
    signal?.addEventListener("abort", () => reject(new DOMException("a newer request took its place", "AbortError")));
  });
}

/** Take the form away, as the service answers. */
export function closeAccess() {
  const section = byId("access");
  if (section.hidden) return;
  const focused = section.contains(document.activeElement);
  section.hidden = true;
  if (focused) byId("animal").focus();
}

function openAccess(refused) {
  const earlier = wait?.resolves ?? [];
  wait = { refused, resolves: earlier };
  byId("access").hidden = false;
  tell(refused === null ? "" : "The service does not accept this key.");
}

function tell(fault) {
  show("access-error", fault);
  byId("api-key").setAttribute("aria-invalid", String(fault !== ""));
  byId("api-key").focus();
}

byId("access-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const key = byId("api-key").value;
  if (!PRINTABLE_ASCII.test(key)) return tell("A key has letters, digits and signs of ASCII only: check it.");
  sessionStorage.setItem(STORED, key);
  const resolves = wait?.resolves ?? [];
  wait = null;
  for (const resolve of resolves) resolve();
});
