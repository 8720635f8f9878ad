// A condition: what to look at, how to compare it, with what.

import { update } from "react-querybuilder";
import {
  fieldNamed,
  HOMES,
  homesFor,
  literalKinds,
  operatorNamed,
  operatorsFor,
  UNKNOWN,
} from "./catalogue.js";
import { FieldPicker } from "./field_picker.jsx";
import { fitsMeasure, historyWords, HOW_OFTEN, isFixed, measuredKind } from "./history.js";
import { reshape } from "./literal.js";
import { PastEvent } from "./past_event.jsx";
import { focusAdd, numberOf, parentOf } from "./place.js";
import { ValueEditor } from "./value_editor.jsx";

/** A new app has no history yet, so there may be nothing to choose from: then a name is typed. */
export function blankCondition({ catalogue, operators }) {
  const field = catalogue.length ? "" : HOMES[0].prefix;
  const [operator] = operators;
  return { field, operator: operator.name, value: reshape(undefined, undefined, operator.value) };
}

function kindNamed(catalogue, field) {
  return fieldNamed(catalogue, field)?.kind ?? measuredKind(field) ?? UNKNOWN;
}

/** The comparisons that make sense for a field. */
function offeredFor(field, { catalogue, operators }) {
  const { words } = fieldNamed(catalogue, field) ?? {};
  const offered = operatorsFor(operators, kindNamed(catalogue, field), words);
  return offered.filter((each) => fitsMeasure(each, field));
}

function startHowOften(context) {
  const offered = offeredFor(HOW_OFTEN.name, context);
  const operator = offered.find(({ name }) => name === "at_least") ?? offered[0];
  const value = reshape(1, "one", operator.value);
  return { field: HOW_OFTEN.name, operator: operator.name, value, of: { event: "" } };
}

/** Another fact asks nothing of past events, so what was asked of them goes. */
function withFact(rule, field, context) {
  if (field === HOW_OFTEN.name) return startHowOften(context);
  return { ...withField(rule, field, context), of: undefined };
}

/** What else changes with the field: a comparison or a value that no longer fits starts anew. */
function withField(rule, field, context) {
  const { catalogue, operators } = context;
  const kind = kindNamed(catalogue, field);
  const kinds = new Set([kind, kindNamed(catalogue, rule.field)]);
  const offered = offeredFor(field, context);
  const fits = offered.some(({ name }) => name === rule.operator);
  const operator = fits ? operatorNamed(operators, rule.operator) : (offered[0] ?? operators[0]);
  const keepsValue = fits && !rule.of && (kinds.size === 1 || kinds.has(UNKNOWN));
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
  const kind = kindNamed(catalogue, rule.field);
  const current = operatorNamed(operators, rule.operator);
  const name = `Condition ${numberOf(path)}`;
  return (
    <>
      <OperatorPicker
        offered={offeredFor(rule.field, context)}
        current={current}
        name={name}
        onChange={(operator) => change(withOperator(rule, operator, operators))}
      />
      <ValueEditor
        key={`${rule.of ? "past" : kind} ${rule.operator}`}
        id={`${id}-${path.join("-")}`}
        name={name}
        shape={current.value}
        kinds={literalKinds(kind, current)}
        samples={fieldNamed(catalogue, rule.field)?.samples ?? []}
        value={rule.value}
        onChange={(value) => change({ value })}
      />
    </>
  );
}

/** What the condition looks at. A question that its row cannot edit is told, and stays. */
function Fact({ rule, path, context, change }) {
  const { catalogue, operators, events, id } = context;
  const name = `Condition ${numberOf(path)}`;
  if (isFixed(rule)) return <p class="rb-fact">{historyWords(rule, operators)}</p>;
  return (
    <>
      <FieldPicker
        field={rule.field}
        catalogue={catalogue}
        homes={homesFor(context)}
        hasPast={events !== false}
        name={name}
        onChange={(field) => change(withFact(rule, field, context))}
      />
      {rule.field === HOW_OFTEN.name && (
        <PastEvent
          of={rule.of ?? { event: "" }}
          id={`${id}-${path.join("-")}`}
          name={name}
          events={events || []}
          onChange={(of) => change({ of })}
        />
      )}
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
        <Fact rule={rule} path={path} context={context} change={change} />
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
