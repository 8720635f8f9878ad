// Conditions about past events: which of them the rows here can edit, and the others as words.

import { isGroup } from "./document.js";
import { UNITS } from "./literal.js";

/** The one question about the past that can be asked here; the others are written as code. */
export const HOW_OFTEN = {
  name: "history.count",
  label: "How often they did…",
  group: "History",
  kind: "number",
  samples: [],
};

const MEASURES = {
  "history.count": { kind: "number", words: ({ event }) => `How often: ${event}` },
  "history.sum": { kind: "number", words: ({ event, property }) => `Sum of ${property}: ${event}` },
  "history.min": { kind: "number", words: ({ event, property }) => `Lowest ${property}: ${event}` },
  "history.max": { kind: "number", words: ({ event, property }) => `Highest ${property}: ${event}` },
  "history.first": { words: ({ event, property }) => `First ${property}: ${event}` },
  "history.last": { words: ({ event, property }) => `Last ${property}: ${event}` },
  "history.first_at": { kind: "date", words: ({ event }) => `First time: ${event}` },
  "history.last_at": { kind: "date", words: ({ event }) => `Last time: ${event}` },
};
const PERIODS = { day: "today", week: "this week", month: "this month" };
const ALWAYS_THERE = ["history.count", "history.sum"];
const EDITABLE_KEYS = ["event", "window"];

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the condition asks for more than its row can edit, so that it is shown as words. */
export function isFixed({ field, of }) {
  return isObject(of) && !(field === HOW_OFTEN.name && isEditable(of));
}

function isEditable({ window = null, event, ...more }) {
  if (typeof event !== "string" || Object.keys(more).length) return false;
  return window === null || (UNITS.includes(window.unit) && Object.keys(window).length === 2);
}

/** The kind of a measure, or undefined where it may be any. */
export function measuredKind(field) {
  return MEASURES[field]?.kind;
}

/** A count and a sum are always there, so "is set" would ask nothing. */
export function fitsMeasure(operator, field) {
  return operator.value !== "none" || !ALWAYS_THERE.includes(field);
}

/** "How often: Order Completed, in the last 30 days, with the same cart_id". */
export function historyWords({ field, of }, operators) {
  const measure = MEASURES[field]?.words ?? (({ event }) => `${field}: ${event}`);
  const joins = [of.join ?? []].flat().map(joinWords).join(" and ");
  const where = ruleWords(of.where, operators);
  return [measure(of), windowWords(of.window), joins, where && `if ${where}`]
    .filter(Boolean)
    .join(", ");
}

function spanWords({ n, unit }) {
  return `${n} ${n === 1 ? String(unit).replace(/s$/, "") : unit}`;
}

function windowWords(window) {
  if (!window) return "";
  return PERIODS[window.calendar] ?? `in the last ${spanWords(window)}`;
}

function nameWords(field) {
  return String(field).replace(/^event\.(properties|context)\./, "");
}

function joinWords({ property, equals }) {
  const now = nameWords(equals);
  return now === property ? `with the same ${now}` : `with ${property} equal to the event's ${now}`;
}

function ruleWords(node, operators) {
  if (!node) return "";
  if (!isGroup(node)) return node.field ? leafWords(node, operators) : "";
  const parts = node.rules.map((each) =>
    isGroup(each) && each.rules.length > 1 && !each.not
      ? `(${ruleWords(each, operators)})`
      : ruleWords(each, operators),
  );
  const words = parts.filter(Boolean).join(` ${node.combinator ?? "and"} `);
  return node.not && words ? `not (${words})` : words;
}

/** A label may explain itself in brackets, which a sentence has no room for. */
function leafWords({ field, operator, value }, operators) {
  const label = operators.find(({ name }) => name === operator)?.label ?? operator;
  return [nameWords(field), label.replace(/ \(.*\)$/, ""), valueWords(value)]
    .filter((each) => each !== "")
    .join(" ");
}

function valueWords(value) {
  if (isObject(value)) return spanWords(value);
  return [value ?? []].flat().join(", ");
}
