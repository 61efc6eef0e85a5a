/** A file of animals as it was written: its encoding, its layout, its header. */

import { columnName } from "./columns.js";
import { readCsv } from "./csv.js";

const WORKBOOK_STARTS = [
  [0x50, 0x4b, 0x03, 0x04], // .xlsx, and what else is a ZIP archive
  [0xd0, 0xcf, 0x11, 0xe0], // .xls
];
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const ROWS_SEARCHED_FOR_A_HEADER = 20;

/**
 * Read a file.
 *
 * @param {Uint8Array} bytes
 * @param {object} model The answer of /model.
 * @returns {{header: string[] | null, rows: string[][], marked: boolean}} Cells as they stand in the file, and whether
 *   it starts with a byte order mark.
 * @throws {Error} It is not a file that the service could read.
 */
export function readAnimals(bytes, model) {
  if (WORKBOOK_STARTS.some((start) => startsWith(bytes, start))) {
    throw new Error("This is an Excel workbook: save it as CSV.");
  }
  const rows = readCsv(decode(bytes));
  if (rows.length === 0) throw new Error("The file is empty.");
  const names = model.inputs.map(({ name }) => name);
  const header = isHeader(rows[0], names) ? rows.shift() : null;
  if (header === null) refuseOtherLayouts(rows, names);
  if (rows.length === 0) throw new Error("The file has a header and no rows.");
  const width = (header ?? names).length;
  return { header, rows: withoutTrailingComma(rows, width), marked: startsWith(bytes, BYTE_ORDER_MARK) };
}

const startsWith = (bytes, start) => start.every((byte, place) => bytes[place] === byte);

function decode(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // Excel on Windows writes "CSV" so; each byte is a character there.
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

const isHeader = (cells, names) => cells.some((cell) => names.includes(columnName(cell)));

function refuseOtherLayouts(rows, names) {
  const below = rows.slice(1, ROWS_SEARCHED_FOR_A_HEADER);
  if (below.some((row) => isHeader(row.join(",").split(/[,;\t]/), names))) {
    throw new Error("The header is not in the first line: remove what stands above it.");
  }
  const first = rows[0].map((cell) => cell.trim());
  for (const [separator, called] of [
    [";", "semicolons"],
    ["\t", "tabs"],
  ]) {
    if (first.some((cell) => cell.includes(separator))) {
      throw new Error(`The values are separated by ${called}: save the file with commas.`);
    }
  }
}

function withoutTrailingComma(rows, width) {
  const trailing = rows.every((row) => row.length === width + 1 && row[width].trim() === "");
  return trailing ? rows.map((row) => row.slice(0, width)) : rows;
}
