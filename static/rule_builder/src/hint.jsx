// The line under a value: how it will be compared, because a text never equals a number.

import { looksLikeNumber } from "./literal.js";

const MOST_SAMPLES = 5;

function comparedAs(value) {
  if (typeof value === "number") return `The number ${value}: it never equals the text "${value}".`;
  return (
    looksLikeNumber(String(value)) && `The text "${value}": it never equals the number ${value}.`
  );
}

function manyHint(kind, samples) {
  const parts = ["Separate values with commas."];
  if (kind === "guess") parts.push('Quotes keep a number a text: "79".');
  if (samples.length) parts.push(`Seen so far: ${samples.slice(0, MOST_SAMPLES).join(", ")}.`);
  return parts.join(" ");
}

/** The sentence to show, or nothing. */
export function hintFor({ shape, kind, value, samples, isChoice }) {
  const values = [value ?? ""].flat().filter((each) => each !== "");
  if (kind === "number" && values.some((each) => typeof each !== "number")) {
    return "Type numbers only, such as 12.5.";
  }
  if (shape === "many") return manyHint(kind, samples);
  if (!isChoice) return "";
  return values.map(comparedAs).find(Boolean);
}

export function Hint({ id, text }) {
  return text ? (
    <p class="rb-hint" id={id}>
      {text}
    </p>
  ) : null;
}
