// Small comforts. Every page works without them.

// What is wrong with a form is read first.
document.getElementById("error-summary")?.focus();

// What only works with a script shows only with a script.
document.querySelectorAll("[data-needs-script]").forEach((element) => (element.hidden = false));

// Menus of the bar close with Escape and by a click elsewhere.
const menus = document.querySelectorAll("details.menu");
const close = (menu) => {
  const within = menu.contains(document.activeElement);
  menu.open = false;
  if (within) menu.querySelector("summary").focus();
};
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") menus.forEach((menu) => menu.open && close(menu));
});
document.addEventListener("click", (event) => {
  menus.forEach((menu) => menu.open && !menu.contains(event.target) && (menu.open = false));
});

// Light, dark or as the system has it.
const theme = document.getElementById("theme");
if (theme) {
  const root = document.documentElement;
  theme.hidden = false;
  theme.elements.namedItem(`theme-${root.dataset.theme ?? "system"}`).checked = true;
  theme.addEventListener("change", (event) => {
    const chosen = event.target.value;
    if (chosen === "system") delete root.dataset.theme;
    else root.dataset.theme = chosen;
    try {
      if (chosen === "system") localStorage.removeItem("theme");
      else localStorage.setItem("theme", chosen);
    } catch {
      // It holds for this page.
    }
  });
}

// A passkey that could not be used is said on the page.
document.addEventListener("allauth.error", (event) => {
  const message = document.getElementById("passkey-problem");
  if (!message) return;
  message.hidden = false;
  event.preventDefault(); // said here, so not in the console too
});
