// Mentioning people in a comment: typing @ offers the members whom the boxes below hold, and choosing one writes the
// name and ticks the box. Without it the boxes do the same.

(() => {
  const text = document.querySelector("[data-mention-text]");
  const boxes = [...(text?.form.querySelectorAll("[data-name]") ?? [])];
  if (!boxes.length) return;
  const MOST = 8;
  const people = boxes.map((box) => ({
    box,
    name: box.dataset.name,
    role: box.closest("label").textContent.trim().slice(box.dataset.name.length).replace(/^[,\s]+/, ""),
    plain: plain(box.dataset.name),
  }));

  function plain(words) {
    return words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  }

  // The list stands below the text; the text keeps the focus and says by its attributes which line is chosen.
  const list = document.createElement("ul");
  list.id = "mention-list";
  list.className = "mention-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "People to mention");
  list.hidden = true;
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("aria-live", "polite");
  text.parentElement.classList.add("mention-field");
  text.parentElement.append(list);
  text.form.append(said);
  text.setAttribute("aria-autocomplete", "list");
  text.setAttribute("aria-controls", list.id);

  let found = [];
  let chosen = 0;
  let dismissed = -1; // where the @ stands whose list was closed by Escape
  const typed = new Set(); // people ticked by their name in the text; without the name the tick goes too

  // What is written between the last @ and the caret, if that may be the beginning of a name.
  function asked() {
    const before = text.value.slice(0, text.selectionStart);
    const match = /(?:^|[\s(])@([^\n@]{0,60})$/.exec(before);
    if (!match || text.selectionStart !== text.selectionEnd) return null;
    return { start: before.length - match[1].length - 1, words: plain(match[1]) };
  }

  const fits = (person, words) => person.plain.startsWith(words) || person.plain.split(" ").some((part) => part.startsWith(words));
  const isNamed = (person, words) => words.startsWith(`${person.plain} `) || words === person.plain;

  function close() {
    list.hidden = true;
    found = [];
    list.replaceChildren();
    text.removeAttribute("aria-activedescendant");
  }

  function choose(place) {
    chosen = (place + found.length) % found.length;
    [...list.children].forEach((line, at) => line.setAttribute("aria-selected", String(at === chosen)));
    list.children[chosen].scrollIntoView({ block: "nearest" });
    text.setAttribute("aria-activedescendant", list.children[chosen].id);
  }

  function line(person, place) {
    const item = document.createElement("li");
    item.id = `mention-${place}`;
    item.setAttribute("role", "option");
    const role = document.createElement("span");
    role.textContent = person.role;
    item.append(person.name, " ", role);
    item.addEventListener("mousedown", (event) => event.preventDefault()); // the text keeps the focus
    item.addEventListener("click", () => pick(person));
    return item;
  }

  function offer() {
    const at = asked();
    if (!at) dismissed = -1;
    const wanted = at && at.start !== dismissed && !people.some((person) => isNamed(person, at.words));
    found = wanted ? people.filter((person) => fits(person, at.words)).slice(0, MOST) : [];
    if (!found.length) return close();
    list.replaceChildren(...found.map(line));
    list.hidden = false;
    choose(0);
    const many = found.length === 1 ? "1 person" : `${found.length} people`;
    said.textContent = `${many}. Arrow keys choose, Enter mentions, Escape closes.`;
  }

  function pick(person) {
    const at = asked();
    text.setRangeText(`@${person.name} `, at.start, text.selectionStart, "end");
    if (!person.box.checked) typed.add(person);
    person.box.checked = true;
    close();
    text.focus();
    said.textContent = `${person.name} is mentioned.`;
  }

  function untick() {
    for (const person of typed) {
      if (text.value.includes(`@${person.name}`)) continue;
      person.box.checked = false;
      typed.delete(person);
    }
  }

  text.addEventListener("input", () => {
    untick();
    offer();
  });
  text.addEventListener("click", offer);
  text.addEventListener("blur", close);
  text.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter" || event.key === "Tab") pick(found[chosen]);
    else if (event.key === "Escape") {
      dismissed = asked()?.start ?? -1;
      close();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  // The caret moved by a key that types nothing.
  text.addEventListener("keyup", (event) => {
    if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) offer();
  });
})();
