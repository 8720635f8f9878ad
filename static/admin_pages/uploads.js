// A file that is being counted goes on while its page is open.
const form = document.getElementById("go-on");
let stopped = false;

for (const link of document.querySelectorAll("a")) {
  link.addEventListener("click", () => {
    stopped = true;
  });
}
setTimeout(() => {
  if (!stopped) form.requestSubmit();
}, 300);
