// What a condition may look at, and how it may compare: the lists that the page hands over.

/** The places in which a name typed by hand can live. */
export const HOMES = [
  { prefix: "event.properties.", label: "Event property", example: "Name, as the app sends it" },
  { prefix: "person.traits.", label: "Person trait", example: "Name, as the app sends it" },
  { prefix: "", label: "Another fact", example: "Such as device.platform" },
];

/** A kind that the catalogue does not know is compared in whichever way the operator allows. */
export const UNKNOWN = "unknown";

const HOMES_OF_PEOPLE = HOMES.filter(({ prefix }) => !prefix.startsWith("event."));

export function homesFor({ ofPeople }) {
  return ofPeople ? HOMES_OF_PEOPLE : HOMES;
}

export function fieldNamed(catalogue, name) {
  return catalogue.find((field) => field.name === name);
}

/** [["Event", [field, ...]], ...] in the order in which the groups first appear. */
export function byGroup(catalogue) {
  const groups = new Map();
  for (const field of catalogue) {
    groups.set(field.group ?? "", [...(groups.get(field.group ?? "") ?? []), field]);
  }
  return [...groups];
}

/** `words` belong to a field that says its few comparisons in its own way, such as "is in". */
export function operatorsFor(operators, kind, words) {
  if (words) {
    const own = operators.filter(({ name }) => name in words);
    return own.map((each) => ({ ...each, label: words[each.name] }));
  }
  if (kind === UNKNOWN) return operators;
  const fitting = operators.filter(({ kinds }) => kinds.includes(kind));
  return ["text", "list"].includes(kind) ? fitting : fitting.map(withoutCapitals);
}

/** "is (exactly, capitals matter)" -> "is": a number has none. */
function withoutCapitals(operator) {
  return { ...operator, label: operator.label.replace(/ \([^)]*capitals[^)]*\)$/, "") };
}

/** An operator that the page does not know keeps its place, with a plain text value. */
export function operatorNamed(operators, name) {
  return (
    operators.find((each) => each.name === name) ?? { name, label: name, kinds: [], value: "one" }
  );
}

/** The kinds of value that make sense here; more than one means that the person must choose. */
export function literalKinds(kind, operator) {
  if (kind === "list") return ["text", "number"];
  if (kind !== UNKNOWN) return [kind];
  const kinds = operator.kinds.includes("list")
    ? ["text", "number", ...operator.kinds]
    : operator.kinds;
  const allowed = ["text", "number", "boolean", "date"].filter((each) => kinds.includes(each));
  if (allowed.includes("text")) return allowed.filter((each) => each !== "date"); // a date is text
  return allowed.length ? allowed : ["text", "number", "boolean"];
}
