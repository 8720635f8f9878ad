// A list as one line of text: commas between, quotes around what has a comma or must stay text.

import { looksLikeNumber, toLiteral } from "./literal.js";

const ITEM = /\s*(?:"((?:[^"]|"")*)"[^,]*|([^,]*))(?:,|$)/y;

/** 'Utrecht, "Ede, centre", 79' -> values; in a mixed list quotes keep a number text. */
export function readList(text, kind) {
  const values = [];
  ITEM.lastIndex = 0;
  while (ITEM.lastIndex < text.length) {
    const [, quoted, plain] = ITEM.exec(text);
    if (quoted !== undefined) values.push(quotedLiteral(quoted.replaceAll('""', '"'), kind));
    else if (plain.trim()) values.push(toLiteral(plain.trim(), kind));
  }
  return values;
}

export function writeList(values, kind) {
  return values
    .map((value) => (typeof value === "string" ? writeText(value, kind) : String(value)))
    .join(", ");
}

function quotedLiteral(text, kind) {
  return kind === "number" ? toLiteral(text, kind) : text;
}

function writeText(text, kind) {
  const ambiguous = kind === "guess" && looksLikeNumber(text);
  const plain = text === text.trim() && text !== "" && !/[",]/.test(text) && !ambiguous;
  return plain ? text : `"${text.replaceAll('"', '""')}"`;
}
