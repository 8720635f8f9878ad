// What a condition compares with: nothing, one value, a list, a range, or a span of time.

import { useState } from "preact/hooks";
import { Hint, hintFor } from "./hint.jsx";
import { readList, writeList } from "./list_text.js";
import { asNumber, kindChoices, storedKind, toLiteral, UNITS } from "./literal.js";
import { Scalar } from "./scalar.jsx";

const KIND_LABELS = {
  guess: "as typed",
  text: "text",
  number: "number",
  boolean: "yes or no",
  date: "date",
};

function One(props) {
  return <Scalar {...props} name={`${props.name}: value`} />;
}

function Many({ kind, name, value, describedBy, onChange }) {
  const [typed, setTyped] = useState(() => writeList([value ?? []].flat(), kind));
  const edit = (event) => {
    setTyped(event.target.value);
    onChange(readList(event.target.value, kind));
  };
  return (
    <input
      class="rb-input rb-value"
      type="text"
      aria-label={`${name}: values, separated by commas`}
      aria-describedby={describedBy}
      autocomplete="off"
      value={typed}
      onInput={edit}
    />
  );
}

function Range({ name, id, value, ...shared }) {
  const [low = "", high = ""] = [value ?? []].flat();
  const { onChange } = shared;
  return (
    <>
      <Scalar
        {...shared}
        id={`${id}-low`}
        name={`${name}: from`}
        value={low}
        onChange={(each) => onChange([each, high])}
      />
      <span class="rb-tail">and</span>
      <Scalar
        {...shared}
        id={`${id}-high`}
        name={`${name}: to`}
        value={high}
        onChange={(each) => onChange([low, each])}
      />
    </>
  );
}

export function Window({ name, value, onChange }) {
  const { n = 1, unit = "days" } = value ?? {};
  const [typed, setTyped] = useState(String(n));
  const edit = (event) => {
    setTyped(event.target.value);
    onChange({ n: asNumber(event.target.value) ?? "", unit });
  };
  return (
    <>
      <input
        class="rb-input rb-count"
        type="text"
        inputmode="numeric"
        aria-label={`${name}: how many`}
        aria-invalid={!(asNumber(typed) > 0)}
        value={typed}
        onInput={edit}
      />
      <select
        class="rb-input rb-unit"
        aria-label={`${name}: unit of time`}
        value={unit}
        onChange={(event) => onChange({ n, unit: event.target.value })}
      >
        {UNITS.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    </>
  );
}

function KindPicker({ choices, kind, name, onChange }) {
  return (
    <select
      class="rb-input rb-kind"
      aria-label={`${name}: kind of value`}
      value={kind}
      onChange={(event) => onChange(event.target.value)}
    >
      {choices.map((each) => (
        <option key={each} value={each}>
          {KIND_LABELS[each]}
        </option>
      ))}
    </select>
  );
}

const EDITORS = { one: One, many: Many, range: Range };

/** The stored value, read again as another kind. */
function recast(value, kind) {
  const again = (each) => toLiteral(String(each), kind);
  return Array.isArray(value) ? value.map(again) : again(value ?? "");
}

/** The kinds on offer are settled when the editor opens, so that none appears while typing. */
function Literal({ shape, kinds, value, onChange, ...shared }) {
  const usable = shape === "one" ? kinds : kinds.filter((each) => each !== "boolean");
  const [choices] = useState(() => kindChoices(usable, storedKind(value, usable)));
  const [kind, setKind] = useState(() => storedKind(value, usable) ?? choices[0]);
  const Editor = EDITORS[shape];
  const choose = (next) => {
    setKind(next);
    onChange(recast(value, next));
  };
  const hint = hintFor({
    shape,
    kind,
    value,
    samples: shared.samples,
    isChoice: choices.length > 1,
  });
  const describedBy = hint ? `${shared.id}-hint` : undefined;
  return (
    <>
      <Editor
        key={kind}
        {...shared}
        kind={kind}
        value={value}
        describedBy={describedBy}
        onChange={onChange}
      />
      {choices.length > 1 && (
        <KindPicker choices={choices} kind={kind} name={shared.name} onChange={choose} />
      )}
      <Hint id={describedBy} text={hint} />
    </>
  );
}

export function ValueEditor(props) {
  if (props.shape === "none") return null;
  return props.shape === "window" ? <Window {...props} /> : <Literal {...props} />;
}
