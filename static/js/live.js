// Keeps the figures of a page true: asks whether they changed, and has htmx reload the part that shows them.
// A page that opens on a result still to come, as after one's own save, asks often; one that was left asks seldom, a
// hidden one not at all.

const OFTEN = 300, USUAL = 1000, SELDOM = 20000;
const EAGER_FOR = 10000, ATTENTIVE_FOR = 30000;
// Many pages may stand open while somebody saves again and again. Each waits LOAD_PAUSE between loads, or BUSY times as
// long as the last answer took if that is more, up to LOAD_PAUSE_AT_MOST: a server that is busy is asked for less. Those
// that were left load at a moment of their own within LEFT_WAITS, not all at once.
const LOAD_PAUSE = 1000, LOAD_PAUSE_AT_MOST = 4000, BUSY = 100, LEFT_WAITS = 60000;

function watch(element) {
  const shown = () => document.getElementById(element.dataset.target);
  const said = document.getElementById(`${element.dataset.target}-said`);
  const openedAt = Date.now();
  let timer, pause = USUAL, seenAt = openedAt, loadedAt = 0, changedAt = null;

  const isLeft = () => Date.now() - seenAt > ATTENTIVE_FOR;

  let patience = Math.random() * LEFT_WAITS, took = 0;
  const untilNextLoad = () => loadedAt + Math.min(Math.max(LOAD_PAUSE, BUSY * took), LOAD_PAUSE_AT_MOST) - Date.now();
  const isTimeToLoad = () => {
    const now = Date.now();
    changedAt ??= now;
    if (untilNextLoad() > 0 || (isLeft() && now - changedAt < patience)) return false;
    [loadedAt, changedAt, patience] = [now, null, Math.random() * LEFT_WAITS];
    return true;
  };

  const nextPause = () => {
    if (isLeft()) return (pause = Math.min(pause * 1.5, SELDOM)); // nobody sits before it
    pause = USUAL;
    if (changedAt) return Math.max(untilNextLoad(), OFTEN); // nothing else is to be learnt until then
    return shown()?.dataset.current === "false" && Date.now() - openedAt < EAGER_FOR ? OFTEN : USUAL;
  };

  // Figures that are no longer current are called so at once; new ones are loaded when they are there.
  const take = (stamp, have) => {
    if (stamp === `${have}-stale`) shown().dataset.stamp = stamp;
    else if (isTimeToLoad()) return htmx.trigger(shown(), "changed");
    shown().dataset.current = "false";
    shown().querySelectorAll("[data-when]").forEach((line) => (line.hidden = line.dataset.when !== "stale"));
  };

  const plan = (after) => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(ask, after);
  };

  const ask = async () => {
    let after;
    try {
      const have = shown()?.dataset.stamp ?? "", askedAt = performance.now();
      const answer = await fetch(`${element.dataset.live}&have=${have}`, { cache: "no-store" });
      took = performance.now() - askedAt;
      if (answer.status === 410) return; // the page is too old; it says so when it is loaded again
      if (answer.status === 200) take(await answer.text(), have);
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
