// What a condition looks at: one of the known facts, or "Other…" and a name typed by hand.

import { useState } from "preact/hooks";
import { byGroup, fieldNamed } from "./catalogue.js";
import { HOW_OFTEN } from "./history.js";

const OTHER = "\u0000other";

function Options({ catalogue }) {
  return byGroup(catalogue).map(([group, fields]) => {
    const options = fields.map(({ name, label }) => (
      <option key={name} value={name}>
        {label}
      </option>
    ));
    return group ? (
      <optgroup key={group} label={group}>
        {options}
      </optgroup>
    ) : (
      options
    );
  });
}

/** The box keeps what is typed, so that a space between two words survives. */
function TypedName({ field, homes, name, onChange }) {
  const [home, setHome] = useState(homes.findIndex(({ prefix }) => field.startsWith(prefix)));
  const [typed, setTyped] = useState(field.slice(homes[home].prefix.length));
  const report = (nextHome, nextTyped) => {
    setHome(nextHome);
    setTyped(nextTyped);
    onChange(homes[nextHome].prefix + nextTyped.trim());
  };
  return (
    <>
      <select
        class="rb-input rb-home"
        aria-label={`${name}: kind of name`}
        value={home}
        onChange={(event) => report(Number(event.target.value), typed)}
      >
        {homes.map(({ label }, index) => (
          <option key={label} value={index}>
            {label}
          </option>
        ))}
      </select>
      <input
        class="rb-input rb-name"
        type="text"
        aria-label={`${name}: name`}
        aria-invalid={!typed.trim()}
        placeholder={homes[home].example}
        autocomplete="off"
        spellcheck={false}
        value={typed}
        onInput={(event) => report(home, event.target.value)}
      />
    </>
  );
}

function isListed(catalogue, field) {
  return field === HOW_OFTEN.name || Boolean(fieldNamed(catalogue, field));
}

export function FieldPicker({ field, catalogue, homes, hasPast, name, onChange }) {
  const listed = hasPast || field === HOW_OFTEN.name ? [...catalogue, HOW_OFTEN] : catalogue;
  const [isOther, setOther] = useState(field !== "" && !isListed(catalogue, field));
  const choose = (event) => {
    const other = event.target.value === OTHER;
    setOther(other);
    onChange(other ? homes[0].prefix : event.target.value);
  };
  return (
    <>
      <select
        class={isOther ? "rb-input rb-field rb-other" : "rb-input rb-field"}
        aria-label={`${name}: what to look at`}
        aria-invalid={!field}
        value={isOther ? OTHER : field}
        onChange={choose}
      >
        <option value="" disabled>
          Choose…
        </option>
        <Options catalogue={listed} />
        <option value={OTHER}>Other…</option>
      </select>
      {isOther && <TypedName field={field} homes={homes} name={name} onChange={onChange} />}
    </>
  );
}
