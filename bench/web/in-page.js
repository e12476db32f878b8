// What runs inside the page that is measured; the measurements call it by `bench.…`.
const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves after the frame that follows now has been drawn. */
function drawn() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = resolve;
      channel.port2.postMessage(null);
    });
  });
}

/** Resolves once the pane has not moved for half a second: a conversation is opened at its place. */
async function rested(pane) {
  for (let still = 0, lastPx = pane.scrollTop; still < 30; lastPx = pane.scrollTop) {
    await nextFrame();
    still = pane.scrollTop === lastPx ? still + 1 : 0;
  }
}

new MutationObserver((_, observer) => {
  if (!document.querySelector("[data-contact]")) return;
  performance.mark("list stands");
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });

globalThis.bench = {
  keyTimes: [],

  /** The code that the list waited for: what comes after it is there was not waited for. */
  listCode() {
    const stoodAtMs = performance.getEntriesByName("list stands")[0].startTime;
    return performance
      .getEntriesByType("resource")
      .filter(({ startTime }) => startTime <= stoodAtMs)
      .map(({ name }) => new URL(name).pathname)
      .filter((file) => /\.(js|css)$/.test(file));
  },

  /** Loads a list page by page, as someone does who scrolls to its end. */
  async loadAll(selector, rows) {
    const wantedPx = rows * 72 * 0.99;
    const pane = document.querySelector(selector);
    const giveUpAt = performance.now() + 240_000;
    while (pane.scrollHeight < wantedPx && performance.now() < giveUpAt) {
      pane.scrollTop = pane.scrollHeight;
      await pause(20);
    }
    if (pane.scrollHeight < wantedPx) throw new Error(`Only ${pane.scrollHeight} px were loaded.`);
    pane.scrollTop = 0;
    await pause(300);
  },

  /** How long each frame took while the pane was scrolled back and forth, a short one as long as a long one. */
  async scroll(selector) {
    const pane = document.querySelector(selector);
    const took = [];
    let step = 240;
    let lastMs = performance.now();
    for (let frame = 0; frame < 150; frame += 1) {
      if (pane.scrollTop + pane.clientHeight >= pane.scrollHeight - 2) step = -240;
      else if (pane.scrollTop <= 0) step = 240;
      pane.scrollTop += step;
      await nextFrame();
      took.push(performance.now() - lastMs);
      lastMs = performance.now();
    }
    pane.scrollTop = 0;
    return took;
  },

  watchKeys() {
    document.addEventListener(
      "keydown",
      () => {
        const startedMs = performance.now();
        void drawn().then(() => bench.keyTimes.push(performance.now() - startedMs));
      },
      { capture: true },
    );
  },

  /** Clicks two rows in turns, and waits each time until its conversation is drawn. */
  async switchBetween(selector, first, second) {
    const took = [];
    for (let round = 0; round < 24; round += 1) {
      const target = document.querySelectorAll(selector)[round % 2 === 0 ? first : second];
      const name = target.querySelector(".lc-row-name").textContent;
      const isShown = () =>
        document.querySelector(".lc-chat-title h2")?.textContent === name &&
        document.querySelector(".lc-bubble") !== null;
      const startedMs = performance.now();
      target.click();
      do await drawn();
      while (!isShown() && performance.now() - startedMs < 5_000);
      took.push(performance.now() - startedMs);
      await pause(60);
    }
    return took;
  },

  /** Reads a thread upwards: how far what is on the screen moved with each older page, and the frames. */
  async readUpwards(pages) {
    const pane = document.querySelector(".lc-thread");
    const drifts = [];
    const frames = [];
    const bubbles = () => [...pane.querySelectorAll(".lc-bubble")];
    const topOf = (bubble) => bubble.getBoundingClientRect().top;
    const giveUpAt = performance.now() + 90_000;
    await rested(pane);
    while (drifts.length < pages && performance.now() < giveUpAt) {
      const beforePx = pane.scrollHeight;
      pane.scrollTop = 0;
      await nextFrame();
      const anchor = bubbles().find((bubble) => topOf(bubble) > 60);
      if (!anchor) break;
      const { textContent: text } = anchor;
      const fromPx = topOf(anchor);
      const waitUntil = performance.now() + 4_000;
      let lastMs = performance.now();
      while (pane.scrollHeight <= beforePx && performance.now() < waitUntil) {
        await nextFrame();
        frames.push(performance.now() - lastMs);
        lastMs = performance.now();
      }
      if (pane.scrollHeight <= beforePx) break;
      await nextFrame();
      const same = bubbles().find((bubble) => bubble.textContent === text);
      // A line that is gone has moved further than any pane is high.
      drifts.push(same ? Math.abs(topOf(same) - fromPx) : pane.clientHeight);
    }
    return {
      drifts,
      frames,
      heightPx: pane.scrollHeight,
      nodes: pane.querySelectorAll("*").length,
    };
  },
};
