/** Numbers in text. */

const NUMBER = /^[ \t\n\v\f\r]*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[ \t\n\v\f\r]*$/i;

/** The number that a text is, or NaN. The service has the same rule: the two must agree on what is a number. */
export const numberIn = (text) => (NUMBER.test(text) ? Number(text) : NaN);

/** The same for what people type, who may write a decimal comma. */
export const typedNumber = (text) => numberIn(text.replace(",", "."));
