// An answer that could not be saved by itself says so below its question. The page works without this.

const form = document.querySelector("[data-answers]");

function failed(event) {
  const said = event.detail.target;
  if (!said?.matches(".question-said")) return;
  event.detail.shouldSwap = false;
  let note = said.querySelector(".answer-failed");
  if (!note) {
    note = document.createElement("p");
    note.className = "field-errors answer-failed";
    said.append(note);
  }
  note.textContent = form.dataset.failed;
}

form?.addEventListener("htmx:responseError", failed);
form?.addEventListener("htmx:sendError", failed);
// Whatever else comes back, such as a page to sign in, is not the line below the question.
form?.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 200 && !event.detail.serverResponse.includes("question-said")) failed(event);
});
