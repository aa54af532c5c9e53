// Single keys: / searches, g and a letter goes to a page, ? lists them all. Whoever speaks or types what they do not
// mean as a command turns them off in that list; this browser keeps it.

(() => {
  const dialog = document.getElementById("shortcuts");
  if (!dialog) return;
  const choice = document.getElementById("shortcuts-on");
  const PATIENCE = 1500; // milliseconds from g to its letter
  let armed = 0;

  try {
    choice.checked = localStorage.getItem("shortcuts") !== "off";
  } catch {
    choice.checked = true; // A browser that keeps nothing begins with them on.
  }
  choice.addEventListener("change", () => {
    try {
      if (choice.checked) localStorage.removeItem("shortcuts");
      else localStorage.setItem("shortcuts", "off");
    } catch {
      // It holds for this page.
    }
  });

  // The narrow bar has a link to the search in place of its field.
  function search() {
    const field = document.querySelector("[data-search]");
    if (field?.checkVisibility()) {
      field.focus();
      field.select();
    } else document.querySelector(".search-link")?.click();
  }

  const go = (key) => dialog.querySelector(`[data-go="${CSS.escape(key)}"]`)?.click();

  // Whoever types in a field or a dialog means what they type. A grid takes the keys of its cells before they come here.
  const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog");

  document.addEventListener("keydown", (event) => {
    if (!choice.checked || event.defaultPrevented || event.isComposing || event.repeat) return;
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    if (event.key === "Shift") return;
    const isArmed = event.timeStamp - armed < PATIENCE && armed > 0;
    armed = 0;
    if (isArmed) go(event.key.toLowerCase());
    else if (event.key === "g") armed = event.timeStamp;
    else if (event.key === "?") dialog.showModal();
    else if (event.key === "/") search();
    else return;
    event.preventDefault();
  });

  // From the account menu, which closes first: the focus comes back to it.
  document.querySelector("[data-open-shortcuts]")?.addEventListener("click", (event) => {
    const menu = event.target.closest("details");
    menu.open = false;
    menu.querySelector("summary").focus();
    dialog.showModal();
  });
})();
