// The tree of capabilities by mouse, and the map as PNG. Both have another way: the buttons of each capability, and the
// download as SVG.

// --- Dragging: onto a capability goes before it; with Shift, under it.

let dragged = null;

const lineOf = (element) => element.closest?.("[data-drags] [data-capability]");
const clear = () => document.querySelectorAll(".is-target").forEach((one) => one.classList.remove("is-target"));

document.addEventListener("dragstart", (event) => {
  const line = lineOf(event.target);
  if (!line || !event.target.matches?.(".capability-row")) return;
  dragged = line.dataset.capability;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged);
});

document.addEventListener("dragover", (event) => {
  const line = lineOf(event.target);
  if (!dragged || !line) return;
  event.preventDefault();
  clear();
  line.querySelector(".capability-row").classList.add("is-target");
});

document.addEventListener("drop", (event) => {
  const line = lineOf(event.target);
  if (!dragged || !line) return;
  event.preventDefault();
  const step = event.shiftKey ? "under" : "before";
  const tree = line.closest("[data-drags]");
  const values = { move: `${dragged}:${step}:${line.dataset.capability}` };
  if (line.dataset.capability !== dragged) {
    htmx.ajax("POST", tree.getAttribute("hx-post"), { target: "#capability-tree", swap: "outerHTML", values });
  }
});

document.addEventListener("dragend", () => {
  dragged = null;
  clear();
});

// --- The map as PNG: the same picture, drawn twice as large.

const SCALE = 2;

const drawn = async (address) => {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) throw new Error(answer.status);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(await answer.text())}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * SCALE;
  canvas.height = image.naturalHeight * SCALE;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("empty"))), "image/png"));
};

const save = (blob, name) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-png]");
  if (!button) return;
  const said = button.parentElement.querySelector("[data-png-said]");
  button.disabled = true;
  said.textContent = "";
  try {
    save(await drawn(button.dataset.png), button.dataset.name);
  } catch {
    said.textContent = "The picture could not be made. Download it as SVG instead.";
  }
  button.disabled = false;
});

// Buttons that only a script can serve are shown once it runs, in parts that are loaded later too.
const show = () => document.querySelectorAll("[data-png][hidden]").forEach((button) => (button.hidden = false));
show();
document.addEventListener("htmx:afterSettle", show);
