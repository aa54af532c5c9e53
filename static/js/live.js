// Keeps the figures of a page true: asks whether they changed, and has htmx reload the part that shows them.
// Where somebody sits, a page that waits for a result asks often; one that was left asks seldom, a hidden one not at all.

const OFTEN = 300, USUAL = 1000, SELDOM = 10000;
const EAGER_FOR = 10000, ATTENTIVE_FOR = 30000;

function watch(element) {
  const shown = () => document.getElementById(element.dataset.target);
  const said = document.getElementById(`${element.dataset.target}-said`);
  let timer, pause = USUAL, seenAt = Date.now(), waitingSince = Date.now();

  const nextPause = () => {
    const isCurrent = shown()?.dataset.current !== "false";
    if (isCurrent) waitingSince = Date.now();
    if (Date.now() - seenAt > ATTENTIVE_FOR) return (pause = Math.min(pause * 1.5, SELDOM)); // nobody sits before it
    pause = USUAL;
    return isCurrent || Date.now() - waitingSince > EAGER_FOR ? USUAL : OFTEN;
  };

  const plan = (after) => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(ask, after);
  };

  const ask = async () => {
    let after;
    try {
      const answer = await fetch(`${element.dataset.live}&have=${shown()?.dataset.stamp ?? ""}`, { cache: "no-store" });
      if (answer.status === 410) return; // the page is too old; it says so when it is loaded again
      if (answer.status === 200) htmx.trigger(shown(), "changed");
      after = answer.ok ? nextPause() : SELDOM;
    } catch {
      after = SELDOM;
    }
    plan(after);
  };

  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== element.dataset.target) return;
    if (said && shown()?.dataset.current === "true") said.textContent = "The figures were updated.";
  });
  const attend = () => {
    seenAt = Date.now();
    if (pause > USUAL) plan(0);
    pause = USUAL;
  };
  document.addEventListener("visibilitychange", () => !document.hidden && (attend(), plan(0)));
  ["pointerdown", "keydown", "focus"].forEach((name) => window.addEventListener(name, attend));
  plan(nextPause());
}

document.querySelectorAll("[data-live]").forEach(watch);
