// One value: a text box that proposes what was seen so far, a date, or yes and no.

import { useState } from "preact/hooks";
import { asNumber, toLiteral } from "./literal.js";

const PLAIN_DATE = /^(\d{4}-\d{2}-\d{2})?$/;

function YesNo({ name, value, onChange }) {
  return (
    <select
      class="rb-input rb-value"
      aria-label={name}
      aria-invalid={value === ""}
      value={String(value)}
      onChange={(event) => onChange(toLiteral(event.target.value, "boolean"))}
    >
      <option value="" disabled>
        Choose…
      </option>
      <option value="true">yes</option>
      <option value="false">no</option>
    </select>
  );
}

function TextBox({ id, name, kind, samples, placeholder, describedBy, value, onChange }) {
  const [typed, setTyped] = useState(String(value));
  const isNumber = kind === "number";
  const isDate = kind === "date" && PLAIN_DATE.test(typed); // a moment in time is typed as text
  const edit = (event) => {
    setTyped(event.target.value);
    onChange(toLiteral(event.target.value, kind));
  };
  return (
    <>
      <input
        class="rb-input rb-value"
        type={isDate ? "date" : "text"}
        inputmode={isNumber ? "decimal" : undefined}
        list={samples.length ? `${id}-samples` : undefined}
        aria-label={name}
        aria-describedby={describedBy}
        aria-invalid={typed === "" || (isNumber && asNumber(typed) === undefined)}
        placeholder={placeholder}
        autocomplete="off"
        value={typed}
        onInput={edit}
      />
      {samples.length > 0 && (
        <datalist id={`${id}-samples`}>
          {samples.map((sample) => (
            <option key={sample} value={String(sample)} />
          ))}
        </datalist>
      )}
    </>
  );
}

export function Scalar(props) {
  const value = props.value ?? "";
  return props.kind === "boolean" ? (
    <YesNo {...props} value={value} />
  ) : (
    <TextBox {...props} value={value} />
  );
}
