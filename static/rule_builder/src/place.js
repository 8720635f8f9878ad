// Where a row stands in the tree: its number for people, its selector for the keyboard.

/** [1, 0] -> "2.1" */
export function numberOf(path) {
  return path.map((index) => index + 1).join(".");
}

export function parentOf(path) {
  return path.slice(0, -1);
}

function rowAt(path) {
  return `[data-path="${JSON.stringify(path)}"]`;
}

/** After a change is drawn, puts the keyboard where the person will want to go on. */
function focusSoon(box, selector) {
  const root = box.closest(".rb");
  requestAnimationFrame(() => root.querySelector(selector)?.focus());
}

export function focusRow(box, path) {
  focusSoon(box, `${rowAt(path)} :is(select, input)`);
}

export function focusAdd(box, path) {
  focusSoon(box, `${rowAt(path)} > .rb-actions button`);
}
