/**
 * How a board of 5,000 tasks opens, scrolls, and lets a card be dragged (docs/performance.md). Not a test: it prints its measurements.
 * `node measure/large-board.mjs [tasks] [repeats]`
 */

import { openApp } from "../harness/app.mjs";
import { startStage } from "../harness/stage.mjs";

const [tasks = 5000, repeats = 5] = process.argv.slice(2).map(Number);
const STATUSES = ["todo", "in_progress", "finished"];

const stage = await startStage({ full: true });
try {
  const ada = await stage.accounts.register("ada");
  const answer = await fetch(`${stage.servers.url}/api/boards/import`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${ada.token}`,
      "Content-Type": "application/json",
    },
    body: JSON.stringify({
      name: "Large",
      tasks: Array.from({ length: tasks }, (_, index) => ({
        title: `Task ${index} with a title of some words`,
        // Nine in ten in the first column: the worst case for windowing.
        status: STATUSES[index % 10 < 8 ? 0 : index % 10 === 8 ? 1 : 2],
        labels: index % 3 === 0 ? ["docs"] : [],
        description: index % 2 === 0 ? "Some words." : "",
      })),
    }),
  });
  if (!answer.ok) {
    throw new Error(`the import gave ${answer.status}: ${await answer.text()}`);
  }
  const board = await answer.json();
  const figures = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    figures.push(await measure(ada, board.id));
  }
  console.log(`${tasks} tasks, ${repeats} times, medians:`);
  for (const name of Object.keys(figures[0])) {
    const values = figures.map((figure) => figure[name]).sort((a, b) => a - b);
    console.log(
      `  ${name.padEnd(46)} ${values[Math.floor(values.length / 2)].toFixed(0)}`,
    );
  }
} finally {
  await stage.browser.close();
  await stage.servers.stop();
}

async function measure(account, id) {
  const window = await openApp(stage, { account });
  const { page } = window;
  await window.go("/boards");
  const link = page.getByRole("link", { name: "Large" });
  await link.waitFor();
  // From the press to the first card on the screen, in the page's own clock.
  const press = await link.evaluate(
    (element) =>
      new Promise((resolve) => {
        const began = performance.now();
        const look = () =>
          document.querySelector("[data-card]")
            ? requestAnimationFrame(() => resolve(performance.now() - began))
            : requestAnimationFrame(look);
        element.click();
        look();
      }),
  );
  await window.board.isLive();
  const cards = await page.locator("[data-card]").count();
  const box = await window.board.column("To do").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 200);
  const scrolling = await framesOf(page, async () => {
    for (let turn = 0; turn < 60; turn += 1) {
      await page.mouse.wheel(0, 400);
      await page.waitForTimeout(16);
    }
  });
  await page.mouse.down();
  const dragging = await framesOf(page, async () => {
    for (let turn = 0; turn < 90; turn += 1) {
      const x = box.x + box.width * (0.5 + turn / 40);
      await page.mouse.move(x, box.y + 200 + turn);
      await page.waitForTimeout(16);
    }
  });
  if ((await page.getByTestId("held-card").count()) !== 1) {
    throw new Error("no card was held");
  }
  await page.keyboard.press("Escape");
  await page.mouse.up();
  // A whole visit: the page is loaded again, and shows the device's copy first.
  await page.reload();
  const visit = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const look = () =>
          document.querySelector("[data-card]")
            ? requestAnimationFrame(() => resolve(performance.now()))
            : requestAnimationFrame(look);
        look();
      }),
  );
  await window.close();
  return {
    "press on the board to first card (ms)": press,
    "reload to first card (ms)": visit,
    "cards in the page": cards,
    ...shown(scrolling, "while scrolling"),
    ...shown(dragging, "while dragging"),
  };
}

/** The duration of each frame that the page draws meanwhile, in milliseconds. */
async function framesOf(page, act) {
  await page.evaluate(() => {
    const frames = [];
    let last = performance.now();
    const tick = (now) => {
      frames.push(now - last);
      last = now;
      window.measuring = requestAnimationFrame(tick);
    };
    window.frames = frames;
    window.measuring = requestAnimationFrame(tick);
  });
  await act();
  return page.evaluate(() => {
    cancelAnimationFrame(window.measuring);
    return window.frames.slice(1);
  });
}

function shown(frames, when) {
  const sum = frames.reduce((all, time) => all + time, 0);
  return {
    [`frames a second ${when}`]: (1000 * frames.length) / sum,
    [`longest frame ${when} (ms)`]: Math.max(...frames),
    [`frames over 20 ms ${when}`]: frames.filter((time) => time > 20).length,
    [`frames over 50 ms ${when}`]: frames.filter((time) => time > 50).length,
  };
}
