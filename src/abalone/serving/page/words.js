/** Numbers and messages as they are read by people. */

/** A value without what floating point adds to it. */
export const rounded = (value) => Number(value.toPrecision(6));

/** A value as it is read by people. */
export const decimal = (value, digits = 1) =>
  value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** A length or a weight as it is read by people who want to know about how much. */
export const roughly = (value) => String(Number(value.toPrecision(3)));

/** A count as it is read by people. */
export const count = (value) => Math.round(value).toLocaleString("en");

/** The name of a column in a sentence. */
export const inWords = (name) => name.replaceAll("_", " ");

/** A message as a sentence. */
export const sentence = (message) =>
  `${message[0].toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? "" : "."}`;
