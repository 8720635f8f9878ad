// Values: between what a person types and what the rule stores. "79" never equals 79.

export const UNITS = ["minutes", "hours", "days"];
const PLAIN_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/** The number that the text means, or undefined. Numbers too long to be exact are none. */
export function asNumber(text) {
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number)) return undefined;
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) return undefined;
  return number;
}

/** Unlike a phone number or a code with leading zeros. */
export function looksLikeNumber(text) {
  return PLAIN_NUMBER.test(text) && asNumber(text) !== undefined;
}

/** Typed text -> stored value. Text that is no number stays text, for the server to refuse. */
export function toLiteral(text, kind) {
  if (kind === "number") return asNumber(text) ?? text;
  if (kind === "boolean") return { true: true, false: false }[text] ?? "";
  if (kind === "guess") return looksLikeNumber(text) ? Number(text) : text;
  return text;
}

/** What kind a stored value is: "guess" for a mixed list, undefined while there is none. */
export function storedKind(value, kinds) {
  const types = [...new Set(scalarsOf(value).map((each) => typeof each))];
  if (types.length !== 1) return types.length ? "guess" : undefined;
  if (types[0] !== "string") return types[0];
  return kinds.includes("date") && !kinds.includes("text") ? "date" : "text";
}

/** The kinds to choose from: those that make sense, and the one that is stored already. */
export function kindChoices(kinds, stored) {
  const known = stored === undefined || stored === "guess" || kinds.includes(stored);
  const all = known ? kinds : [...kinds, stored];
  const open = stored === "guess" || (all.includes("text") && all.includes("number"));
  return open ? ["guess", ...all] : all;
}

/** The value to start from: what can be kept of it when another operator wants another shape. */
export function reshape(value, from, to) {
  if (from === to) return value;
  const kept = ["one", "many", "range"].includes(from) ? scalarsOf(value) : [];
  const shapes = {
    one: kept[0] ?? "",
    many: kept,
    range: [kept[0] ?? "", kept[1] ?? ""],
    window: { n: 1, unit: "days" },
  };
  return shapes[to];
}

function scalarsOf(value) {
  return [value].flat().filter((each) => each !== "" && each !== null && each !== undefined);
}
