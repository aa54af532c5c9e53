// A register as a spreadsheet. Cells are saved in the background as soon as they are left; typing never waits.
// What the server refuses stays in its cell, with the sentence below it, until it is mended or undone.

const grid = document.getElementById("grid");
const body = grid.tBodies[0];
const columns = JSON.parse(document.getElementById("grid-columns").textContent);
const said = document.getElementById("grid-said");
const panel = document.getElementById("grid-panel");
const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
const MOST_AT_ONCE = 500, MOST_NEW_ROWS = 500;

// --- Cells -----------------------------------------------------------------------------------------------------------

const faults = new Map(); // cell -> {sentence} or {conflict}: typed text that is not saved
const pending = new Map(); // cell -> typed text that waits to be sent
let sending = new Map(); // cell -> text under way
let seen = new Map(); // cell -> the version at which a conflict was settled in one's own favour

const rowOf = (cell) => cell.parentElement;
const rowIndex = (cell) => rowOf(cell).sectionRowIndex;
const columnIndex = (cell) => cell.cellIndex - 1;
const columnOf = (cell) => columns[columnIndex(cell)];
const cellAt = (row, column) => body.rows[row]?.cells[column + 1];
const isFixed = (cell) => rowOf(cell).hasAttribute("data-fixed") || cell.hasAttribute("data-fixed");
const textOf = (cell) => cell.firstChild?.nodeType === Node.TEXT_NODE ? cell.firstChild.data : "";

function show(cell, text) {
  const note = faults.get(cell);
  cell.replaceChildren(document.createTextNode(text));
  cell.toggleAttribute("data-fault", Boolean(note));
  if (!note) {
    cell.removeAttribute("aria-invalid");
    cell.removeAttribute("aria-describedby");
    return;
  }
  const sentence = document.createElement("span");
  sentence.className = "cell-note";
  sentence.id = `note-${rowIndex(cell)}-${columnIndex(cell)}`;
  sentence.textContent = note.sentence;
  cell.append(sentence);
  cell.setAttribute("aria-invalid", "true");
  cell.setAttribute("aria-describedby", sentence.id);
}

// --- Where one is ----------------------------------------------------------------------------------------------------

let at = null, anchor = null, editor = null, leaving = false;

function select(cell, extend = false) {
  if (!cell) return;
  at?.setAttribute("tabindex", "-1");
  at = cell;
  if (!extend) anchor = cell;
  cell.setAttribute("tabindex", "0");
  cell.focus({ preventScroll: true });
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  grid.querySelectorAll("[aria-selected]").forEach((one) => one.removeAttribute("aria-selected"));
  selected().flat().forEach((one) => one.setAttribute("aria-selected", "true"));
  showPanel(faults.get(cell)?.conflict, cell);
}

// The chosen block, row by row.
function selected() {
  const [top, bottom] = [rowIndex(anchor), rowIndex(at)].sort((a, b) => a - b);
  const [left, right] = [columnIndex(anchor), columnIndex(at)].sort((a, b) => a - b);
  const rows = [];
  for (let row = top; row <= bottom; row += 1) {
    rows.push([]);
    for (let column = left; column <= right; column += 1) rows.at(-1).push(cellAt(row, column));
  }
  return rows;
}

function move(down, right, extend = false) {
  const row = Math.min(Math.max(rowIndex(at) + down, 0), body.rows.length - 1);
  const column = Math.min(Math.max(columnIndex(at) + right, 0), columns.length - 1);
  select(cellAt(row, column), extend);
}

// To the next or the previous cell, from line to line; false at the end, where the key leaves the grid.
function step(by) {
  const place = rowIndex(at) * columns.length + columnIndex(at) + by;
  if (place < 0 || place >= body.rows.length * columns.length) return false;
  select(cellAt(Math.floor(place / columns.length), place % columns.length));
  return true;
}

// --- Typing ----------------------------------------------------------------------------------------------------------

function edit(cell, typed = null) {
  if (isFixed(cell)) return say(cell.title || "You may read this row; others change it.");
  const column = columnOf(cell), before = textOf(cell);
  const field = document.createElement(column.kind === "choice" ? "select" : "input");
  if (column.kind === "choice") {
    [...(column.required ? [] : [""]), ...column.choices].forEach((label) => field.add(new Option(label || "(empty)", label)));
    const wanted = typed?.toLowerCase();
    field.value = column.choices.find((label) => wanted && label.toLowerCase().startsWith(wanted)) ?? before;
  } else {
    field.type = "text";
    field.value = typed ?? before;
    if (column.kind === "figure") field.inputMode = "decimal";
    if (column.kind === "date") field.placeholder = "2027-06-30";
  }
  field.setAttribute("aria-label", `${column.label}, ${rowOf(cell).cells[0].innerText.split("\n")[0] || "new row"}`);
  cell.replaceChildren(field);
  cell.setAttribute("data-editing", "");
  editor = { cell, field, before, quick: typed !== null };
  field.focus();
  if (typed === null) field.select?.();
  field.addEventListener("blur", () => editor?.field === field && finish());
  if (column.kind === "choice") field.addEventListener("change", () => editor?.field === field && !editor.quick && finish());
}

// Ends the typing; the text goes into the cell and on its way.
function finish(keep = true) {
  const { cell, field, before } = editor, text = keep ? field.value.trim() : before;
  editor = null;
  cell.removeAttribute("data-editing");
  show(cell, before);
  if (keep && text !== before) put([{ cell, text }]);
}

// --- Changing, undoing -----------------------------------------------------------------------------------------------

const done = [], undone = [];

function put(changes, history = done) {
  const real = changes.filter(({ cell, text }) => !isFixed(cell) && text !== textOf(cell));
  if (!real.length) return;
  history.push(real.map(({ cell }) => ({ cell, text: textOf(cell) })));
  if (history === done && changes.isNew !== false) undone.length = 0;
  real.forEach(({ cell, text }) => {
    faults.delete(cell);
    pending.set(cell, text);
    show(cell, text);
  });
  send();
}

function takeBack(from, to) {
  const changes = from.pop();
  if (!changes) return say(from === done ? "There is nothing to undo." : "There is nothing to redo.");
  changes.isNew = false;
  put(changes, to);
  select(changes[0].cell);
}

function clear() {
  put(selected().flat().map((cell) => ({ cell, text: "" })));
}

function paste(text) {
  const block = tsv.parse(text);
  const chosen = selected();
  if (block.length === 1 && block[0].length === 1) {
    return put(chosen.flat().map((cell) => ({ cell, text: block[0][0].trim() })));
  }
  const [row, column] = [rowIndex(chosen[0][0]), columnIndex(chosen[0][0])];
  const width = Math.max(...block.map((cells) => cells.length));
  if (column + width > columns.length) {
    return say(`The block is ${width} columns wide, and from here there are ${columns.length - column}. Nothing was pasted: begin further left.`);
  }
  const extra = row + block.length - body.rows.length;
  if (extra > 0 && (!grid.hasAttribute("data-grows") || extra > MOST_NEW_ROWS)) {
    return say(`The block has ${block.length} rows, and from here there are ${body.rows.length - row}. Nothing was pasted: begin further up, or paste fewer rows.`);
  }
  for (let more = 0; more < extra; more += 1) addRow();
  put(block.flatMap((cells, down) => cells.map((one, right) => ({ cell: cellAt(row + down, column + right), text: one.trim() }))));
  select(cellAt(row, column));
  select(cellAt(row + block.length - 1, column + width - 1), true);
}

// --- New rows --------------------------------------------------------------------------------------------------------

let added = 0;

function addRow() {
  const row = body.insertRow();
  row.dataset.row = `new-${(added += 1)}`;
  row.dataset.version = "-1"; // not there yet: a row that came from a file begins at 0
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = "New";
  row.append(head);
  columns.forEach((column) => {
    const cell = row.insertCell();
    cell.tabIndex = -1;
    if (column.kind === "figure") cell.className = "num";
  });
  return row;
}

// --- Sending ---------------------------------------------------------------------------------------------------------

let timer = null, pause = 0;

function send(after = 150) {
  clearTimeout(timer);
  tell();
  if (pending.size && !sending.size) timer = setTimeout(transmit, after);
}

// What goes along: the cells of the same rows that wait for a partner or were refused before.
function batch() {
  const cells = new Map([...pending].slice(0, MOST_AT_ONCE));
  const rows = new Set([...cells.keys()].map(rowOf));
  faults.forEach((fault, cell) => !fault.conflict && rows.has(rowOf(cell)) && !cells.has(cell) && cells.set(cell, textOf(cell)));
  return cells;
}

async function transmit() {
  sending = batch();
  sending.forEach((_, cell) => pending.delete(cell));
  tell();
  const cells = [...sending].map(([cell, text]) => ({
    row: rowOf(cell).dataset.row, name: columnOf(cell).name, text, version: Number(rowOf(cell).dataset.version), seen: seen.get(cell) ?? null,
  }));
  let answer, problem = "";
  try {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    const response = await fetch(location.href, { method: "POST", headers, body: JSON.stringify({ cells, figures_in: grid.dataset.figuresIn }) });
    if (response.headers.get("Content-Type")?.startsWith("application/json")) answer = await response.json();
    else problem = response.status === 401 || response.status === 403 ? "session" : "server";
  } catch {
    problem = "connection";
  }
  const sent = sending;
  sending = new Map();
  if (problem) return wait(sent, problem);
  pause = 0;
  if (answer.error) sent.forEach((_, cell) => faults.set(cell, { sentence: answer.error }));
  else receive(sent, answer);
  send();
}

function receive(sent, answer) {
  const key = (cell) => `${rowOf(cell).dataset.row} ${columnOf(cell).name}`;
  const errors = new Map(answer.errors.map((error) => [`${error.row} ${error.name}`, { sentence: error.sentence }]));
  answer.conflicts.forEach((one) => errors.set(`${one.row} ${one.name}`, { sentence: `${one.who} changed this to ${one.theirs || "empty"}. Choose which stands.`, conflict: one }));
  const needs = (cell) => answer.rows[rowOf(cell).dataset.row]?.needs;
  sent.forEach((text, cell) => {
    if (pending.has(cell)) return; // typed again meanwhile
    seen.delete(cell);
    const missing = needs(cell);
    const fault = errors.get(key(cell)) ?? (missing && { sentence: `Not added yet: give ${missing.join(" and ")} too.`, held: true });
    if (fault) faults.set(cell, fault);
    else faults.delete(cell);
    if (editor?.cell !== cell) show(cell, text);
  });
  [...body.rows].forEach((row) => answer.rows[row.dataset.row]?.texts && refresh(row, answer.rows[row.dataset.row]));
  if (at) showPanel(faults.get(at)?.conflict, at);
}

// The row as it is stored now. What is being typed, or not saved yet, stays.
function refresh(row, stored) {
  const isNew = row.dataset.row.startsWith("new");
  if (isNew) row.dataset.row = stored.key;
  row.dataset.version = stored.version;
  columns.forEach((column, index) => {
    const cell = row.cells[index + 1];
    if (!pending.has(cell) && !faults.has(cell) && editor?.cell !== cell) show(cell, stored.texts[column.name]);
  });
  if (isNew) row.cells[0].textContent = textOf(row.cells[1]);
  if (isNew && grid.hasAttribute("data-grows") && !body.querySelector("tr:last-child[data-row^=new]")) addRow();
}

function wait(sent, problem) {
  sent.forEach((text, cell) => pending.has(cell) || pending.set(cell, text));
  pause = Math.min(pause ? pause * 2 : 2000, 30000);
  timer = setTimeout(transmit, pause);
  tell(problem);
}

window.addEventListener("online", () => send(0));
window.addEventListener("focus", () => pause && send(0));
window.addEventListener("beforeunload", (event) => {
  if (editor) finish();
  if (pending.size || sending.size || faults.size) event.preventDefault();
});

// --- Saying how it stands --------------------------------------------------------------------------------------------

const PROBLEMS = {
  session: "Your session has ended. Sign in again in another tab; what you typed stays here and is then saved.",
  connection: "No connection. What you typed stays here and is saved as soon as there is one.",
  server: "The server could not save just now. What you typed stays here; it is tried again.",
};

function tell(problem = "") {
  const waiting = pending.size + sending.size, wrong = faults.size;
  const cells = (count) => (count === 1 ? "1 cell" : `${count} cells`);
  const text = problem ? PROBLEMS[problem] : waiting ? `Saving ${cells(waiting)} …` : wrong ? `${cells(wrong)} not saved: see what it says there.` : "All changes are saved.";
  document.getElementById("grid-state").textContent = text;
  document.getElementById("grid-state").dataset.tone = problem || wrong ? "late" : waiting ? "on_track" : "complete";
  document.getElementById("grid-sign-in").hidden = problem !== "session";
  document.getElementById("grid-next-fault").hidden = !wrong;
  if (!waiting) say(text);
}

function say(text) {
  said.textContent = text;
}

function showPanel(conflict, cell) {
  panel.hidden = !conflict;
  if (!conflict) return;
  panel.querySelector("[data-words]").textContent = `${conflict.who} changed this on ${conflict.when}, while you were at it.`;
  panel.querySelector("[data-theirs]").textContent = conflict.theirs || "empty";
  panel.querySelector("[data-mine]").textContent = conflict.mine || "empty";
  panel.cell = cell;
}

panel.addEventListener("click", (event) => {
  const side = event.target.closest("button")?.value, cell = panel.cell;
  if (!side) return;
  const { conflict } = faults.get(cell);
  faults.delete(cell);
  if (side === "mine") {
    seen.set(cell, conflict.version);
    pending.set(cell, conflict.mine);
  }
  show(cell, side === "mine" ? conflict.mine : conflict.theirs);
  select(cell);
  send(0);
});

document.getElementById("grid-next-fault").addEventListener("click", () => {
  const inOrder = [...faults.keys()].sort((a, b) => rowIndex(a) - rowIndex(b) || columnIndex(a) - columnIndex(b));
  select(inOrder[0]);
});

// --- Keys, mouse, clipboard ------------------------------------------------------------------------------------------

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function whileTyping(event) {
  const { key, shiftKey } = event;
  if (key === "Escape") finish(false);
  else if (key === "Enter") finish();
  else if (key === "Tab") finish();
  else if (ARROWS[key] && editor.quick) finish();
  else return;
  event.preventDefault();
  event.stopPropagation();
  if (key === "Enter") move(shiftKey ? -1 : 1, 0);
  else if (key === "Tab") step(shiftKey ? -1 : 1) || select(at);
  else if (ARROWS[key]) move(...ARROWS[key]);
  else select(at);
}

function inTheGrid(event) {
  const { key, shiftKey } = event, command = event.ctrlKey || event.metaKey;
  if (key === "Tab") return !leaving && step(shiftKey ? -1 : 1);
  leaving = key === "Escape";
  if (key === "Escape") return say("Press Tab to leave the grid.");
  if (ARROWS[key]) return move(...ARROWS[key].map((by) => (command ? by * 1e6 : by)), shiftKey), true;
  if (key === "Home" || key === "End") return move(command ? (key === "Home" ? -1e6 : 1e6) : 0, key === "Home" ? -1e6 : 1e6, shiftKey), true;
  if (key === "PageUp" || key === "PageDown") return move(key === "PageUp" ? -10 : 10, 0, shiftKey), true;
  if (command && key.toLowerCase() === "z") return takeBack(...(shiftKey ? [undone, done] : [done, undone])), true;
  if (command && key.toLowerCase() === "y") return takeBack(undone, done), true;
  if (command && key.toLowerCase() === "a") return select(cellAt(0, 0)), select(cellAt(body.rows.length - 1, columns.length - 1), true), true;
  if (key === "Delete" || key === "Backspace") return clear(), true;
  if (key === "Enter" && faults.get(at)?.conflict) return panel.querySelector("button").focus(), true;
  if (key === "Enter" || key === "F2") return edit(at), true;
  if (key.length === 1 && !command && !event.altKey) return edit(at, key), true;
  return false;
}

body.addEventListener("keydown", (event) => {
  if (editor) return whileTyping(event);
  if (event.target.tagName === "TD" && inTheGrid(event)) event.preventDefault();
});
body.addEventListener("mousedown", (event) => {
  const cell = event.target.closest("td");
  if (!cell || editor?.cell === cell) return;
  event.preventDefault();
  if (editor) finish();
  select(cell, event.shiftKey);
});
body.addEventListener("mouseover", (event) => {
  const cell = event.target.closest("td");
  if (cell && anchor && event.buttons === 1 && !editor) select(cell, true);
});
body.addEventListener("dblclick", (event) => {
  const cell = event.target.closest("td");
  if (cell && !editor) edit(cell);
});
body.addEventListener("focusin", (event) => event.target.tagName === "TD" && event.target !== at && select(event.target));

const inUse = () => at && !editor && document.activeElement === at;
["copy", "cut"].forEach((name) => document.addEventListener(name, (event) => {
  if (!inUse()) return;
  event.clipboardData.setData("text/plain", tsv.format(selected().map((row) => row.map(textOf))));
  event.preventDefault();
  if (name === "cut") clear();
}));
document.addEventListener("paste", (event) => {
  if (!inUse()) return;
  event.preventDefault();
  paste(event.clipboardData.getData("text/plain"));
});

if (grid.hasAttribute("data-grows")) addRow();
const first = cellAt(0, 0);
if (first) {
  first.tabIndex = 0;
  at = anchor = first;
}
