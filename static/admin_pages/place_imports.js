// The bar of an import that a task works at; when the task is done, so is the page.
const bar = document.getElementById("progress");
const done = document.getElementById("done");

async function ask() {
  const answer = await fetch(bar.dataset.ask).catch(() => null);
  const now = answer?.ok ? await answer.json() : null;
  if (now && now.state !== bar.dataset.state) {
    location.reload();
    return;
  }
  if (now) {
    bar.value = now.done;
    done.textContent = now.done.toLocaleString("en");
  }
  setTimeout(ask, now ? 500 : 3000);
}
setTimeout(ask, 300);
