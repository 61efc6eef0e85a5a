/** Comma-separated values: RFC 4180. */

/** A cell and what ends it. Where the quotes of a cell do not match, they are part of its text. */
const CELL = /(?:"([^"]*(?:""[^"]*)*)"|([^,\r\n]*))(,|\r\n|\r|\n|$)/g;

/**
 * Read a text into rows of cells; lines without a value (spreadsheets write `,,,`) are no rows.
 *
 * @param {string} text
 * @returns {string[][]}
 */
export function readCsv(text) {
  const rows = [];
  let row = [];
  for (const [, quoted, plain, end] of text.matchAll(CELL)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (row.some((cell) => cell.trim() !== "")) rows.push(row);
    row = [];
  }
  return rows;
}

/** Write rows of cells. */
export function writeCsv(rows) {
  return rows.map((row) => `${row.map(quotedCell).join(",")}\r\n`).join("");
}

function quotedCell(cell) {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
