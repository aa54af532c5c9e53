// Choosing from the catalogue: a whole area at once, and how many are chosen. Without it a ticked area still counts.
const form = document.querySelector("[data-choose]");
const said = form.querySelector("[data-chosen]");
const boxes = (name, within = form) => [...within.querySelectorAll(`input[name="${name}"]`)];

const tell = () => {
  for (const whole of boxes("area")) {
    const own = boxes("standard", whole.closest("fieldset"));
    const ticked = own.filter((box) => box.checked).length;
    whole.checked = ticked === own.length;
    whole.indeterminate = ticked > 0 && ticked < own.length;
  }
  const count = boxes("standard").filter((box) => box.checked).length;
  said.textContent = count ? `${count} chosen` : "None chosen yet";
};

form.addEventListener("change", ({ target }) => {
  if (target.name === "area") {
    for (const box of boxes("standard", target.closest("fieldset"))) box.checked = target.checked;
  }
  tell();
});
window.addEventListener("pageshow", tell);
