// A group: how its rows combine, the rows, and the buttons that add more.

import { update } from "react-querybuilder";
import { blankCondition, Condition } from "./condition.jsx";
import { isGroup } from "./document.js";
import { focusAdd, focusRow, numberOf, parentOf } from "./place.js";

const MODES = [
  { label: "All of", combinator: "and", not: false, tail: "these must be true" },
  { label: "Any of", combinator: "or", not: false, tail: "these must be true" },
  { label: "None of", combinator: "or", not: true, tail: "these may be true" },
  { label: "Not all of", combinator: "and", not: true, tail: "these may be true" },
];
const DEEPEST = 4; // deeper trees are drawn, but nobody reads them with pleasure

function Mode({ group, path, schema }) {
  const index = MODES.findIndex(
    ({ combinator, not }) => combinator === group.combinator && not === Boolean(group.not),
  );
  const choose = (event) => {
    const { combinator, not } = MODES[event.target.value];
    schema.dispatchQuery(update(schema.getQuery(), { combinator, not }, path));
  };
  const name = path.length ? `Group ${numberOf(path)}` : "Whole rule";
  return (
    <>
      <select
        class="rb-input rb-mode"
        aria-label={`${name}: how many must be true`}
        value={index}
        onChange={choose}
      >
        {MODES.map(({ label }, each) => (
          <option key={label} value={each}>
            {label}
          </option>
        ))}
      </select>
      <span class="rb-tail">{MODES[index].tail}</span>
    </>
  );
}

function Header({ group, path, schema, actions }) {
  const remove = (event) => {
    focusAdd(event.target, parentOf(path));
    actions.onGroupRemove(path);
  };
  return (
    <div class="rb-header">
      <Mode group={group} path={path} schema={schema} />
      {path.length > 0 && (
        <button
          type="button"
          class="rb-remove"
          aria-label={`Remove group ${numberOf(path)}`}
          onClick={remove}
        >
          Remove
        </button>
      )}
    </div>
  );
}

function emptyWords(path, { ofPeople, noConditions }) {
  if (path.length) return "This group is empty: add a condition, or remove the group.";
  return ofPeople ? "No conditions yet." : noConditions;
}

function Empty({ path, context }) {
  return <p class="rb-empty">{emptyWords(path, context)}</p>;
}

/** A group inside a group of the same mode would say nothing new, so it starts with the other. */
function newGroup(parent, context) {
  const combinator = parent.combinator === "and" ? "or" : "and";
  return { combinator, not: false, rules: [blankCondition(context)] };
}

function Actions({ group, path, actions, context }) {
  const where = path.length ? ` to group ${numberOf(path)}` : "";
  const added = [...path, group.rules.length];
  const addCondition = (event) => {
    focusRow(event.target, added);
    actions.onRuleAdd(blankCondition(context), path);
  };
  const addGroup = (event) => {
    focusRow(event.target, added);
    actions.onGroupAdd(newGroup(group, context), path);
  };
  return (
    <div class="rb-actions">
      <button
        type="button"
        class="rb-button"
        aria-label={`Add a condition${where}`}
        onClick={addCondition}
      >
        Add a condition
      </button>
      {path.length < DEEPEST && (
        <button
          type="button"
          class="rb-button"
          aria-label={`Add a group${where}`}
          onClick={addGroup}
        >
          Add a group
        </button>
      )}
    </div>
  );
}

export function Group({ ruleGroup, path, schema, actions, context }) {
  const shared = { schema, actions, context };
  const isEmpty = ruleGroup.rules.length === 0;
  const name = path.length ? `Group ${numberOf(path)}` : undefined;
  return (
    <div
      class={path.length ? "rb-group" : "rb-root"}
      role={name && "group"}
      aria-label={name}
      data-path={JSON.stringify(path)}
    >
      {!(isEmpty && path.length === 0) && <Header group={ruleGroup} path={path} {...shared} />}
      {isEmpty && <Empty path={path} context={context} />}
      {ruleGroup.rules.map((row, index) => {
        const place = [...path, index];
        return isGroup(row) ? (
          <Group key={row.id} ruleGroup={row} path={place} {...shared} />
        ) : (
          <Condition key={row.id} rule={row} path={place} {...shared} />
        );
      })}
      <Actions group={ruleGroup} path={path} {...shared} />
    </div>
  );
}
