// The sentence under a segment's rule, while somebody edits it. Without this script it appears
// when the page is saved or counted.

(() => {
  const WAIT_MS = 300;
  const form = document.getElementById("segment-form");
  const sentence = document.getElementById("sentence");
  let asked = 0;
  let timer;

  async function ask() {
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset.sentenceUrl, {
        method: "POST",
        body: new FormData(form),
        credentials: "same-origin",
      });
      if (answer.ok && mine === asked) sentence.textContent = (await answer.json()).sentence;
    } catch {
      // The connection is gone: the next change asks again.
    }
  }

  /** What was wrong when the page was sent is being mended; saving looks again. */
  function forgive(field) {
    field?.classList.remove("cp-wrong");
    field?.querySelector("[data-errors-for]")?.replaceChildren();
  }

  form.addEventListener("input", ({ target }) => {
    forgive(target.closest(".cp-field"));
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  form.addEventListener("keydown", (event) => {
    // Enter in a text box would save the segment before it is finished.
    if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
  });
})();
