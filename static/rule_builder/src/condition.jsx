// A condition: what to look at, how to compare it, with what.

import { update } from "react-querybuilder";
import {
  fieldNamed,
  HOMES,
  literalKinds,
  operatorNamed,
  operatorsFor,
  UNKNOWN,
} from "./catalogue.js";
import { FieldPicker } from "./field_picker.jsx";
import { reshape } from "./literal.js";
import { focusAdd, numberOf, parentOf } from "./place.js";
import { ValueEditor } from "./value_editor.jsx";

/** A new app has no history yet, so there may be nothing to choose from: then a name is typed. */
export function blankCondition({ catalogue, operators }) {
  const field = catalogue.length ? "" : HOMES[0].prefix;
  const [operator] = operators;
  return { field, operator: operator.name, value: reshape(undefined, undefined, operator.value) };
}

function kindNamed(catalogue, field) {
  return fieldNamed(catalogue, field)?.kind ?? UNKNOWN;
}

/** What else changes with the field: a comparison or a value that no longer fits starts anew. */
function withField(rule, field, { catalogue, operators }) {
  const kind = kindNamed(catalogue, field);
  const kinds = new Set([kind, kindNamed(catalogue, rule.field)]);
  const offered = operatorsFor(operators, kind);
  const fits = offered.some(({ name }) => name === rule.operator);
  const operator = fits ? operatorNamed(operators, rule.operator) : (offered[0] ?? operators[0]);
  const keepsValue = fits && (kinds.size === 1 || kinds.has(UNKNOWN));
  const value = keepsValue ? rule.value : reshape(undefined, undefined, operator.value);
  return { field, operator: operator.name, value };
}

function withOperator(rule, name, operators) {
  const from = operatorNamed(operators, rule.operator).value;
  return { operator: name, value: reshape(rule.value, from, operatorNamed(operators, name).value) };
}

function OperatorPicker({ offered, current, name, onChange }) {
  const listed = offered.some((each) => each.name === current.name);
  const options = listed ? offered : [...offered, current];
  return (
    <select
      class="rb-input rb-operator"
      aria-label={`${name}: comparison`}
      value={current.name}
      onChange={(event) => onChange(event.target.value)}
    >
      {options.map((each) => (
        <option key={each.name} value={each.name}>
          {each.label}
        </option>
      ))}
    </select>
  );
}

function Comparison({ rule, path, context, change }) {
  const { catalogue, operators, id } = context;
  const field = fieldNamed(catalogue, rule.field);
  const kind = field?.kind ?? UNKNOWN;
  const current = operatorNamed(operators, rule.operator);
  const name = `Condition ${numberOf(path)}`;
  return (
    <>
      <OperatorPicker
        offered={operatorsFor(operators, kind)}
        current={current}
        name={name}
        onChange={(operator) => change(withOperator(rule, operator, operators))}
      />
      <ValueEditor
        key={`${kind} ${rule.operator}`}
        id={`${id}-${path.join("-")}`}
        name={name}
        shape={current.value}
        kinds={literalKinds(kind, current)}
        samples={field?.samples ?? []}
        value={rule.value}
        onChange={(value) => change({ value })}
      />
    </>
  );
}

export function Condition({ rule, path, schema, actions, context }) {
  const name = `Condition ${numberOf(path)}`;
  const change = (changes) =>
    schema.dispatchQuery(update(schema.getQuery(), changes, path, { resetOnFieldChange: false }));
  const remove = (event) => {
    focusAdd(event.target, parentOf(path));
    actions.onRuleRemove(path);
  };
  return (
    <div class="rb-condition" role="group" aria-label={name} data-path={JSON.stringify(path)}>
      <div class="rb-parts">
        <FieldPicker
          field={rule.field}
          catalogue={context.catalogue}
          name={name}
          onChange={(field) => change(withField(rule, field, context))}
        />
        {rule.field && <Comparison rule={rule} path={path} context={context} change={change} />}
      </div>
      <button
        type="button"
        class="rb-remove"
        aria-label={`Remove condition ${numberOf(path)}`}
        onClick={remove}
      >
        Remove
      </button>
    </div>
  );
}
