// Turns each <textarea class="rule-builder"> into a builder. Without this script the textarea
// itself stays and can be edited.

import { render } from "preact";
import { Builder } from "./builder.jsx";
import { readDocument, UnreadableDocument, writeDocument } from "./document.js";
import "./rule-builder.css";
import "./try-it.css";

const mounted = new WeakMap();

function listOf(textarea, name) {
  return JSON.parse(textarea.dataset[name] || "[]");
}

function store(textarea, root) {
  textarea.value = writeDocument(root);
  textarea.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The box under the textarea that holds the builder, made once. */
function open(textarea) {
  const host = document.createElement("div");
  const start = readDocument(textarea.value);
  host.className = "rb";
  host.setAttribute("role", "group");
  host.setAttribute("aria-label", textarea.labels?.[0]?.textContent.trim() || "Conditions");
  host.addEventListener("keydown", keepFormOpen);
  textarea.after(host);
  textarea.hidden = true;
  return { host, start, id: `rb-${textarea.id || crypto.randomUUID()}` };
}

/** Enter in a text box would otherwise submit the page that the builder is part of. */
function keepFormOpen(event) {
  if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
}

function explain(textarea) {
  const note = document.createElement("p");
  note.className = "rb-note";
  note.textContent =
    "This rule was written by hand, in a form that cannot be drawn here. It is left as it is.";
  textarea.after(note);
}

/** Draws the builder; for a textarea that has one, draws it again with its present lists. */
function mount(textarea) {
  if (!mounted.has(textarea)) mounted.set(textarea, open(textarea));
  const { host, start, id } = mounted.get(textarea);
  if (!host) return;
  const context = {
    id,
    catalogue: listOf(textarea, "catalogue"),
    operators: listOf(textarea, "operators"),
    events: listOf(textarea, "events"), // false: this rule may not ask about the past
    ofPeople: "ofPeople" in textarea.dataset, // a segment's rule: there is no event to ask about
    noConditions: textarea.dataset.noConditions ?? "No conditions: every such event counts.",
  };
  render(
    <Builder
      start={start}
      context={context}
      textarea={textarea}
      onChange={(root) => store(textarea, root)}
    />,
    host,
  );
}

function mountSafely(textarea) {
  try {
    mount(textarea);
  } catch (error) {
    if (!(error instanceof UnreadableDocument)) throw error;
    mounted.set(textarea, {});
    explain(textarea);
  }
}

/** Django keeps a blank form, named __prefix__, to copy new rows from: it must stay untouched. */
function mountAll() {
  const textareas = [...document.querySelectorAll("textarea.rule-builder")];
  textareas.filter(({ name }) => !name.includes("__prefix__")).forEach(mountSafely);
}

document.addEventListener("rule-builder:mount", mountAll);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mountAll);
else mountAll();
