// Fetches the rows every two seconds, unless paused, hidden or being read with the mouse down.
const EVERY_MS = 2000;
const rows = document.querySelector("[data-rows]");
const button = document.querySelector("[data-pause]");
const live = document.querySelector("[data-live]");
const key = document.querySelector("select[name=key]");
let paused = false;

function say(text) {
  if (live.textContent !== text) live.textContent = text;
}

function selecting() {
  const selection = document.getSelection();
  return !selection.isCollapsed && rows.contains(selection.anchorNode);
}

async function refresh() {
  if (paused || document.hidden || selecting()) return;
  try {
    const answer = await fetch(rows.dataset.rows, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const html = await answer.text();
    if (!paused && !selecting()) rows.innerHTML = html;
    if (!paused) say("Live: looks again every 2 seconds");
  } catch {
    say("Not live: the server does not answer, or you are signed out. Reload the page.");
  }
}

async function loop() {
  await refresh();
  setTimeout(loop, EVERY_MS);
}

button.addEventListener("click", () => {
  paused = !paused;
  button.textContent = paused ? "Go on" : "Pause";
  button.setAttribute("aria-pressed", String(paused));
  say(paused ? "Paused" : "Live: looks again every 2 seconds");
});
key.addEventListener("change", () => key.form.submit());
setTimeout(loop, EVERY_MS);
