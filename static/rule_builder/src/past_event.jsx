// Which past events are counted: their name, and how far back.

import { Scalar } from "./scalar.jsx";
import { Window } from "./value_editor.jsx";

const A_MONTH = { n: 30, unit: "days" };

export function PastEvent({ of, id, name, events, onChange }) {
  const window = of.window ?? undefined;
  const { window: _, ...ever } = of;
  const choose = (event) => onChange(event.target.value ? { ...of, window: A_MONTH } : ever);
  return (
    <>
      <Scalar
        id={`${id}-event`}
        name={`${name}: event`}
        kind="text"
        samples={events}
        placeholder="Event, as the app sends it"
        value={of.event}
        onChange={(event) => onChange({ ...of, event })}
      />
      <select
        class="rb-input rb-since"
        aria-label={`${name}: how far back`}
        value={window ? "last" : ""}
        onChange={choose}
      >
        <option value="">ever</option>
        <option value="last">in the last</option>
      </select>
      {window && (
        <Window
          name={`${name}, window`}
          value={window}
          onChange={(next) => onChange({ ...of, window: next })}
        />
      )}
    </>
  );
}
