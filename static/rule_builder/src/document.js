// The stored rule: what the textarea holds, between the page and the server.

const COMBINATORS = ["and", "or"];

export class UnreadableDocument extends Error {}

/** Text of the textarea -> the root group. Nothing at all is a group without conditions. */
export function readDocument(text) {
  const stored = parse(text) ?? {};
  if (typeof stored !== "object" || Array.isArray(stored)) throw new UnreadableDocument("no group");
  const { version = 1, ...group } = stored;
  if (version !== 1) throw new UnreadableDocument(`version ${version}`);
  const root = { combinator: "and", not: false, rules: [], ...group };
  if (!isDrawable(root)) throw new UnreadableDocument("not a tree of conditions");
  return root;
}

/** The root group -> the text to store; the editor's own ids stay behind. */
export function writeDocument(root) {
  return JSON.stringify({ version: 1, ...bare(root) });
}

export function isGroup(node) {
  return Array.isArray(node?.rules);
}

function parse(text) {
  try {
    return JSON.parse(text.trim() || "null", refuseRounded);
  } catch {
    throw new UnreadableDocument("not JSON, or with numbers too long to keep");
  }
}

/** A browser rounds integers beyond 2^53, so a long id would come back as another id. */
function refuseRounded(_key, value) {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new RangeError(value);
  return value;
}

function isDrawable(node) {
  if (isGroup(node)) return COMBINATORS.includes(node.combinator) && node.rules.every(isDrawable);
  return typeof node?.field === "string" && typeof node.operator === "string";
}

function bare(node) {
  const { id, valueSource, combinator, not, rules, ...rest } = node;
  if (!isGroup(node)) return rest;
  return { combinator, not: Boolean(not), rules: rules.map(bare), ...rest };
}
