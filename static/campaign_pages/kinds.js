// What starts the campaign: shows the parts that the chosen kind uses. What a hidden part holds
// stays in its fields, so switching to and fro loses nothing; the server takes only what is used.

(() => {
  const form = document.getElementById("campaign-form");
  const $$ = (selector, inside = form) => [...inside.querySelectorAll(selector)];
  const valueOf = (name) => form.elements[name]?.value ?? "";
  const FIELDS = ["repeat", "date_side", "to_whom", "did", "crossing", "which_places"];
  const USUAL = { useful_for: "86400", max_age: "259200" };
  const SOON = { useful_for: "900", max_age: "600" };
  let kind = valueOf("kind");
  let waitBefore = "";

  function showKind() {
    const isOf = (list) => list.split(" ").includes(valueOf("kind"));
    for (const part of $$("[data-kinds]")) part.hidden = !isOf(part.dataset.kinds);
    sayNoConditions();
  }

  /** Whom it reaches without conditions: every such event, or everyone. */
  function sayNoConditions() {
    const chosen = form.querySelector("[name=kind]:checked")?.closest("label");
    const { noConditions } = chosen?.dataset ?? {};
    const { dataset } = form.elements.rule;
    if (!noConditions || dataset.noConditions === noConditions) return;
    dataset.noConditions = noConditions;
    document.dispatchEvent(new Event("rule-builder:mount"));
  }

  function showChoices() {
    for (const name of FIELDS) {
      const chosen = valueOf(name);
      for (const part of $$(`[data-when-${name}]`)) {
        part.hidden = !part.getAttribute(`data-when-${name}`).split(" ").includes(chosen);
      }
    }
    form.querySelector("[data-open]").hidden = !form.elements.only_open.checked;
  }

  /** A position is old news sooner than an event: what nobody chose otherwise follows the kind. */
  function suitLimits(before) {
    if (before !== "place" && kind !== "place") return;
    const [from, to] = kind === "place" ? [USUAL, SOON] : [SOON, USUAL];
    for (const name of Object.keys(USUAL)) {
      const choice = form.elements[`${name}_0`];
      if (choice.value !== from[name]) continue;
      choice.value = to[name];
      choice.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  /** Lets the page ask for the sentence again. */
  function sayChanged() {
    document.getElementById("when").dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Not doing something takes a time to do it in, and something to do. */
  function prepareAbsence() {
    waitBefore = valueOf("wait");
    if (waitBefore === "at_once") form.elements.wait.value = "elapsed";
    if (!form.querySelector("#cancel-rows [data-cancel]")) form.querySelector("#add-cancel").click();
  }

  function leaveAbsence() {
    if (waitBefore === "at_once") form.elements.wait.value = waitBefore;
    waitBefore = "";
  }

  /** What is sent at once waits for nothing that could be left undone. */
  function endAbsence() {
    kind = form.elements.kind.value = "event";
    sayChanged();
  }

  function changed({ target }) {
    if (target.name === "wait" && target.value === "at_once" && kind === "absence") endAbsence();
    if (target.name !== "kind" || kind === target.value) return;
    if (kind === "absence") leaveAbsence();
    const before = kind;
    kind = target.value;
    suitLimits(before);
    showKind();
    if (kind === "absence") prepareAbsence();
    document.dispatchEvent(new Event("campaign:event"));
    target.focus({ preventScroll: true });
    sayChanged();
  }

  /** Most often both are called the same. */
  function repeatName({ target }) {
    const ours = form.elements.audience_equals;
    if (target.name === "audience_property" && !ours.value) ours.value = target.value;
  }

  async function copy(button) {
    try {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.textContent = "Copied";
    } catch {
      // Without leave to copy, the example can still be selected by hand.
      getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
    }
  }

  showKind();
  showChoices();
  for (const button of $$("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
  form.addEventListener("input", () => {
    showKind();
    showChoices();
  });
  form.addEventListener("change", changed);
  form.addEventListener("change", repeatName);
})();
