// The campaign page while somebody types: the phone, the sentence and what is missing come from
// the server; languages, variables and custom times are handled here.

const WAIT_MS = 350;
const form = document.getElementById("campaign-form");
const locked = form.querySelector("fieldset").disabled;
let shown = "messages-0";
let lastText = null;
let timer = 0;
let asked = 0;

const $ = (selector, inside = form) => inside.querySelector(selector);
const $$ = (selector, inside = form) => [...inside.querySelectorAll(selector)];

function named(name) {
  return form.elements[name];
}

function tabOf(prefix) {
  return $(`[data-tab="${prefix}"]`);
}

function localeOf(prefix) {
  return named(`${prefix}-locale`)?.value.trim() || "";
}

// --- the phone, from the server -----------------------------------------------------------------

function askSoon() {
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT_MS);
}

async function ask() {
  const mine = ++asked;
  const data = new FormData(form);
  data.append("shown", localeOf(shown));
  try {
    const answer = await fetch(form.dataset.previewUrl, {
      method: "POST",
      body: data,
      credentials: "same-origin",
    });
    if (answer.ok && mine === asked) draw(await answer.json());
  } catch {
    // The connection is gone: the next key press asks again.
  }
}

function draw({ phone, sentence, next, missing, errors }) {
  $("#phone").innerHTML = phone; // made and escaped by our own server
  $("#missing").innerHTML = missing;
  $("#sentence").textContent = sentence;
  $("#next-times").innerHTML = next;
  for (const box of $$("#messages [data-errors-for]")) {
    write(box, errors[box.dataset.errorsFor] ?? []);
  }
}

function write(box, sentences) {
  box.replaceChildren(
    ...sentences.map((sentence) => {
      const line = document.createElement("p");
      line.textContent = sentence;
      return line;
    }),
  );
  box.parentElement.classList.toggle("cp-wrong", sentences.length > 0);
}

// --- the chosen event ---------------------------------------------------------------------------

const CROSSINGS = {
  enter: "Place Entered",
  dwell: "Place Entered",
  exit: "Place Exited",
  approach: "Place Approached",
};

/** The event that starts the campaign; "" for kinds that have none. */
function startingEvent() {
  if (named("kind").value === "place") return CROSSINGS[named("crossing").value] ?? "";
  const field = { event: "event", absence: "event", business_event: "business_event" };
  return named(field[named("kind").value])?.value ?? "";
}

async function chooseEvent() {
  const url = `${form.dataset.catalogueUrl}?event=${encodeURIComponent(startingEvent())}`;
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) return;
  const { facts, variables, samples, isKnown } = await answer.json();
  named("rule").dataset.catalogue = JSON.stringify(facts);
  document.dispatchEvent(new CustomEvent("campaign:facts", { detail: facts }));
  document.dispatchEvent(new Event("rule-builder:mount"));
  $("#event-unknown").hidden = isKnown;
  $("#variables").replaceChildren(...variables.map(variableButton));
  $("#sample").replaceChildren(...samples.map(({ id, label }) => new Option(label, id)));
  askSoon();
}

function variableButton({ label, liquid }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cp-variable";
  button.dataset.liquid = liquid;
  button.title = liquid;
  button.textContent = label;
  return button;
}

// --- variables ----------------------------------------------------------------------------------

function isText(element) {
  return element?.matches?.("#messages :is(input, textarea):not([name$=locale])");
}

function put(liquid) {
  const visible = $(`[data-message="${shown}"]`);
  const target = lastText && visible.contains(lastText) ? lastText : $("textarea", visible);
  target.setRangeText(liquid, target.selectionStart, target.selectionEnd, "end");
  target.focus();
  askSoon();
}

// --- languages ----------------------------------------------------------------------------------

function show(prefix) {
  shown = prefix;
  for (const block of $$("#messages [data-message]")) block.hidden = block.dataset.message !== prefix;
  for (const tab of $$("[data-tab]")) tab.setAttribute("aria-selected", tab.dataset.tab === prefix);
  askSoon();
}

function addLanguage() {
  const total = named("messages-TOTAL_FORMS");
  const number = Number(total.value);
  const prefix = `messages-${number}`;
  const html = $("#new-language").innerHTML.replaceAll("messages-__prefix__", prefix);
  $("#messages").insertAdjacentHTML("beforeend", html);
  total.value = number + 1;
  const tab = document.createElement("button");
  tab.type = "button";
  tab.className = "cp-tab";
  tab.setAttribute("role", "tab");
  tab.dataset.tab = prefix;
  tab.textContent = "New language";
  $("#add-language").before(tab);
  show(prefix);
  named(`${prefix}-locale`).focus();
}

function removeLanguage(prefix) {
  $(`[data-message="${prefix}"]`).remove();
  tabOf(prefix).remove();
  show("messages-0");
}

// --- custom times -------------------------------------------------------------------------------

function showCustom(duration) {
  const [choice, ...custom] = $$("select, input", duration);
  for (const each of custom) each.hidden = choice.value !== "custom";
}

// --- wiring -------------------------------------------------------------------------------------

function clicked({ target }) {
  const button = target.closest("button");
  if (!button || locked) return;
  const { tab, remove, liquid, platform } = button.dataset;
  if (button.id === "add-language") addLanguage();
  else if (tab) show(tab);
  else if (remove) removeLanguage(remove);
  else if (liquid) put(liquid);
  else if (platform) choosePlatform(platform);
}

function choosePlatform(platform) {
  $("#phone").className = `cp-phone cp-${platform}`;
  for (const button of $$("[data-platform]")) {
    button.setAttribute("aria-pressed", button.dataset.platform === platform);
  }
}

function typed({ target }) {
  if (target.name?.endsWith("-locale")) {
    const prefix = target.name.slice(0, -"-locale".length);
    tabOf(prefix).textContent = target.value.trim() || "New language";
  }
  forgive(target);
  askSoon();
}

/** What was wrong when the page was sent is being mended; saving looks again. */
function forgive(target) {
  const box = target.closest(".cp-field")?.querySelector("[data-errors-for]");
  if (box && !target.closest("#messages")) write(box, []);
}

function changed({ target }) {
  if (["event", "business_event", "crossing"].includes(target.name)) chooseEvent();
  const duration = target.closest?.(".cp-duration");
  if (duration) showCustom(duration);
}

// Links from Activity and from the list of what is missing lead to a section that may be wrong.
function firstWrongTab() {
  return $(".cp-tab-wrong")?.dataset.tab ?? "messages-0";
}

$$(".cp-duration").forEach(showCustom);
form.addEventListener("click", clicked);
form.addEventListener("input", typed);
form.addEventListener("change", changed);
document.addEventListener("campaign:event", chooseEvent);
form.addEventListener("focusin", ({ target }) => {
  if (isText(target)) lastText = target;
});
form.addEventListener("keydown", (event) => {
  // Enter in a text box would save the campaign before it is finished.
  if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
});
if (!locked) show(firstWrongTab());
