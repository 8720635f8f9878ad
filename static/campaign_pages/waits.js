// When to send, what stops it meanwhile, and how often: shows what the choices use, adds and
// removes rows. Without this script everything stays visible and can be filled in.

(() => {
  const MOST_ROWS = 10;
  const form = document.getElementById("campaign-form");
  const rows = form.querySelector("#cancel-rows");
  const block = form.querySelector("#cancels");
  const add = form.querySelector("#add-cancel");
  const template = form.querySelector("#new-cancel");
  const $$ = (selector, inside = form) => [...inside.querySelectorAll(selector)];
  const valueOf = (name) => form.elements[name]?.value ?? "";

  // --- what the choices use ---------------------------------------------------------------------

  function showWait() {
    const starts = valueOf("kind");
    const stays = starts === "place" && valueOf("crossing") === "dwell";
    const byItself = stays || (starts === "interaction" && valueOf("did") === "not_opened");
    const kind = byItself ? "" : valueOf("wait");
    const waits = kind !== "at_once";
    const later = waits || ["schedule", "date"].includes(starts);
    form.querySelector("[data-asks-wait]").hidden = byItself;
    for (const part of $$("[data-wait]")) part.hidden = part.dataset.wait !== kind;
    form.querySelector("[data-days]").hidden = valueOf("wait_day") !== "days";
    form.querySelector("[data-no-wait]").hidden = later;
    form.querySelector("[data-any-wait]").hidden = !later;
    block.hidden = !waits && starts !== "absence" && !("always" in block.dataset);
  }

  function showOften() {
    const mode = valueOf("re_entry");
    const key = valueOf("kind") === "place" ? "place" : valueOf("key").trim();
    form.querySelector("[data-often]").hidden = mode !== "every";
    form.querySelector("[data-often-scope]").hidden = mode === "always" || !key;
    if (key) form.elements.re_entry_scope.options[1].textContent = `each ${key} on its own`;
  }

  // --- one row ----------------------------------------------------------------------------------

  function eventOf(row) {
    return form.elements[`${row.dataset.cancel}-event`];
  }

  function sayRestart() {
    const starts = ["event", "absence"].includes(valueOf("kind")) ? valueOf("event").trim() : "";
    for (const row of $$("[data-cancel]", rows)) {
      const same = starts !== "" && eventOf(row).value.trim() === starts;
      row.querySelector("[data-restart]").hidden = !same;
    }
  }

  function isFilled(join) {
    return $$("input", join).some(({ value }) => value) || $$("p", join).length > 0;
  }

  /** The first pair of properties is always there; the next ones when they are asked for. */
  function foldJoins(row) {
    const joins = $$("[data-join]", row);
    joins.forEach((join, at) => {
      join.hidden = at > 0 && !isFilled(join);
    });
    offerJoin(row);
  }

  function offerJoin(row) {
    const button = row.querySelector("[data-add-join]");
    button.hidden = !$$("[data-join]", row).some(({ hidden }) => hidden);
  }

  function addJoin(row) {
    const next = $$("[data-join]", row).find(({ hidden }) => hidden);
    next.hidden = false;
    offerJoin(row);
    next.querySelector("input").focus();
  }

  /** Most often both are called the same. */
  function repeatName(input) {
    const [theirs, ours] = $$("input", input.closest("[data-join]"));
    if (input === theirs && !ours.value) ours.value = theirs.value;
  }

  // --- all rows ---------------------------------------------------------------------------------

  function addRow() {
    const numbers = $$("[data-cancel]", rows).map(({ dataset }) => Number(dataset.cancel.split("-")[1]));
    const prefix = `cancel_on-${Math.max(-1, ...numbers) + 1}`;
    rows.insertAdjacentHTML("beforeend", template.innerHTML.replaceAll("cancel_on-__prefix__", prefix));
    const row = rows.lastElementChild;
    document.dispatchEvent(new Event("rule-builder:mount"));
    foldJoins(row);
    offerRow();
    eventOf(row).focus();
  }

  function removeRow(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    offerRow();
    (next ? eventOf(next) : add).focus();
    changedBeyondKeys();
  }

  function offerRow() {
    add.disabled = $$("[data-cancel]", rows).length >= MOST_ROWS;
  }

  /** Lets the page ask for the sentence again. */
  function changedBeyondKeys() {
    block.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // --- what events have -------------------------------------------------------------------------

  function list(id, facts) {
    const own = facts.filter(({ name }) => name.startsWith("event.properties."));
    document.getElementById(id).replaceChildren(...own.map(({ label }) => new Option(label, label)));
  }

  async function chooseEventOf(row) {
    const url = `${form.dataset.catalogueUrl}?event=${encodeURIComponent(eventOf(row).value)}`;
    const answer = await fetch(url, { credentials: "same-origin" });
    if (!answer.ok) return;
    const { facts } = await answer.json();
    row.querySelector("textarea.rule-builder").dataset.catalogue = JSON.stringify(facts);
    list(`${row.dataset.cancel}-properties`, facts);
    document.dispatchEvent(new Event("rule-builder:mount"));
  }

  // --- wiring -----------------------------------------------------------------------------------

  function clicked({ target }) {
    const button = target.closest("button");
    const row = button?.closest("[data-cancel]");
    if (button === add && add) addRow();
    else if (row && "removeCancel" in button.dataset) removeRow(row);
    else if (row && "addJoin" in button.dataset) addJoin(row);
  }

  function changed({ target }) {
    const row = target.closest?.("[data-cancel]");
    if (row && target === eventOf(row)) chooseEventOf(row);
    if (target.closest?.("[data-join]")) {
      repeatName(target);
      changedBeyondKeys();
    }
  }

  function typed() {
    showWait();
    showOften();
    sayRestart();
  }

  $$("[data-cancel]", rows).forEach(foldJoins);
  typed();
  offerRow();
  form.addEventListener("click", clicked);
  form.addEventListener("change", changed);
  form.addEventListener("input", typed);
  document.addEventListener("campaign:facts", ({ detail }) => list("event-properties", detail));
})();
