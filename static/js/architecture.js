// Whoever leaves while something typed is not saved, such as a level that waits for what shows it, is asked first.
// The page works without this.

const answers = document.querySelector("[data-answers]");
const UNSAVED = "[data-typed], .htmx-request, .question-said[data-unsaved]";
let sent = false;

const part = (event) => event.target.closest("[hx-post]");

answers.addEventListener("input", (event) => part(event)?.setAttribute("data-typed", ""));
answers.addEventListener("htmx:beforeRequest", (event) => part(event)?.removeAttribute("data-typed"));
answers.addEventListener("submit", () => {
  sent = true;
});
window.addEventListener("beforeunload", (event) => {
  if (!sent && answers.querySelector(UNSAVED)) event.preventDefault();
});
