import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import AxeBuilder from "@axe-core/playwright";
import { boardWindow } from "../harness/board-window.mjs";
import { openWindow } from "../harness/browser.mjs";
import { eventually } from "../harness/eventually.mjs";
import { exampleTasks } from "../harness/samples.mjs";
import { startStage } from "../harness/stage.mjs";

const SCREENSHOTS = resolve(import.meta.dirname, "../../../target/screenshots");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SIZES = {
  desktop: { viewport: { width: 1360, height: 860 } },
  phone: {
    viewport: { width: 320, height: 640 },
    hasTouch: true,
    isMobile: true,
    deviceScaleFactor: 2,
  },
};

let servers, browser, api;
let takes = 0;

before(async () => {
  await mkdir(SCREENSHOTS, { recursive: true });
  ({ servers, browser, api } = await startStage());
});

after(async () => {
  await browser?.close();
  await servers?.stop();
});

/** The scenes in which somebody may find themselves: each is told by what is done to get there. */
const SCENES = {
  empty: async (page) => {
    await page.goto(`${servers.url}/`);
    await page.getByText("No boards yet").waitFor();
  },
  list: async (page) => {
    await page.goto(`${servers.url}/`);
    await page.locator(".tile").first().waitFor();
  },
  board: async (page, id) => {
    await boardWindow(page).open(servers.url, id);
  },
  activity: async (page, id) => {
    await boardWindow(page).open(servers.url, id);
    const toggle = page.getByRole("button", { name: "Activity" });
    if ((await toggle.getAttribute("aria-expanded")) === "false") {
      await toggle.click();
    }
    await page.locator(".entry").first().waitFor();
  },
  menu: async (page, id) => {
    await boardWindow(page).open(servers.url, id);
    await page.locator(".card-more").first().click();
    await page.getByRole("menu").waitFor();
  },
  task: async (page, id) => {
    await boardWindow(page).open(servers.url, id);
    await page.locator(".card-open").first().click();
    await page.locator("#task-dialog[open]").waitFor();
  },
  collision: async (page, id) => {
    await boardWindow(page).open(servers.url, id);
    const task = await page.locator(".card").first().getAttribute("data-task");
    await page.locator(".card-open").first().click();
    await page.locator("#task-title").fill("What I am writing here");
    await api.patchTask(id, task, { title: `What somebody else wrote, take ${(takes += 1)}` });
    await page.locator(".collision").waitFor();
  },
  fault: async (page, id) => {
    await boardWindow(page).open(servers.url, id);
    await page.locator(".card-open").first().click();
    await page.locator("#task-title").fill(" ");
    await page.locator("#task-dialog [data-save]").click();
    await page.locator(".field-error").waitFor();
  },
  confirm: async (page, id) => {
    await boardWindow(page).open(servers.url, id);
    await page.getByRole("button", { name: "Board actions" }).click();
    await page.getByRole("menuitem", { name: "Delete board" }).click();
    await page.getByRole("alertdialog").waitFor();
  },
  toast: async (page, id) => {
    await boardWindow(page).open(servers.url, id);
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.locator(".toast").waitFor();
  },
};

async function look(scene, size, colorScheme, id) {
  const { context, page, errors } = await openWindow(browser, { ...SIZES[size], colorScheme });
  await SCENES[scene](page, id);
  // Colours are judged when nothing is on its way any more.
  await eventually("everything has come to rest", () =>
    page.evaluate(() =>
      document
        .getAnimations()
        .every(
          ({ effect, playState }) =>
            playState !== "running" || effect.getTiming().iterations === Infinity,
        ),
    ),
  );
  await page.screenshot({ path: join(SCREENSHOTS, `${scene}-${size}-${colorScheme}.png`) });
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const found = violations.map(
    ({ id: rule, nodes }) => `${rule}: ${nodes.map(({ html }) => html).join(" | ")}`,
  );
  assert.deepEqual(found, [], `axe: ${scene}, ${size}, ${colorScheme}`);
  const [wide, room] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  assert.ok(wide <= room, `${scene} scrolls sideways at ${size}: ${wide} > ${room}`);
  // The browser logs every refused request; the fault is provoked here.
  const unexpected = errors.filter(
    (error) => scene !== "fault" || !error.includes("status of 422"),
  );
  assert.deepEqual(unexpected, []);
  await context.close();
}

for (const colorScheme of ["light", "dark"]) {
  for (const size of Object.keys(SIZES)) {
    test(`WCAG 2.2 AA: axe finds nothing and nothing scrolls sideways: ${size}, ${colorScheme}`, async () => {
      for (const { id } of await api.boards()) {
        await api.deleteBoard(id);
      }
      await look("empty", size, colorScheme);
      const board = await api.addBoard("Project Alpha");
      for (const task of exampleTasks()) {
        await api.addTask(board.id, task);
      }
      await api.addBoard(
        "A board whose name is so long that it has to be broken over several lines of a small screen",
      );
      for (const scene of Object.keys(SCENES).slice(1)) {
        await look(scene, size, colorScheme, board.id);
      }
    });
  }
}

test("Keyboard: everything is reached without a mouse: make a board, add, edit, move, delete, and back", async () => {
  const { context, page } = await openWindow(browser);
  const window = boardWindow(page);
  const focused = () =>
    page.evaluate(() => document.activeElement.textContent || document.activeElement.name);
  const press = (...keys) =>
    keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  await page.goto(`${servers.url}/`);
  await page.locator(".tile").first().waitFor();
  await press("Tab");
  assert.equal(await focused(), "Skip to the content");
  await press("Enter", "Tab");
  assert.equal(await focused(), "name", "the skip link leads into the content");
  await page.keyboard.type("By keyboard");
  await press("Enter");
  await window.isLive();
  assert.equal(await focused(), "By keyboard", "the focus follows to the new page");
  await window.lane("todo").locator(".add input").focus();
  await page.keyboard.type("Typed");
  await press("Enter");
  await eventually("added", () => window.has("todo", "Typed"));
  await press("Shift+Tab", "Shift+Tab");
  assert.equal(await focused(), "Typed");
  await press("Enter");
  await page.locator("#task-dialog[open]").waitFor();
  await page.locator("#task-title").focus();
  await press("End");
  await page.keyboard.type(" and edited");
  await press("Control+Enter");
  await eventually("edited", () => window.has("todo", "Typed and edited"));
  assert.equal(await focused(), "Typed and edited", "the focus comes back to the card");
  await press("Tab", "Enter");
  assert.equal(await focused(), "Edit", "the menu has the focus");
  await press("ArrowDown", "Enter");
  await eventually("moved", () => window.has("in_progress", "Typed and edited"));
  await window.card("Typed and edited").locator(".card-open").focus();
  await press("Delete");
  await eventually("deleted", async () => !(await window.has("in_progress", "Typed and edited")));
  await press("Escape");
  await page.getByRole("link", { name: "All boards" }).focus();
  await press("Enter");
  await page.getByRole("heading", { name: "Boards" }).waitFor();
  assert.equal(await focused(), "Boards");
  await context.close();
});

test("Reduced motion is respected: nothing is animated while cards move", async () => {
  const { context, page } = await openWindow(browser, { reducedMotion: "reduce" });
  const window = boardWindow(page);
  const board = await api.addBoard("Still");
  const task = await api.addTask(board.id, { title: "Quietly" });
  await window.open(servers.url, board.id);
  await page.evaluate(() => {
    window.animations = 0;
    const count = () => {
      window.animations += document.getAnimations().length;
      requestAnimationFrame(count);
    };
    count();
  });
  await api.patchTask(board.id, task.id, { status: "finished" });
  await eventually("it moves", () => window.has("finished", "Quietly"));
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
  assert.equal(await page.evaluate(() => window.animations), 0);
  await context.close();
});

test("WCAG 2.2 target size: every control is at least 24 by 24 CSS pixels", async () => {
  const board = await api.addBoard("Targets");
  await api.addTask(board.id, { title: "x" });
  const { context, page } = await openWindow(browser, SIZES.phone);
  await boardWindow(page).open(servers.url, board.id);
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("main button:not(.card-open), main a, main input, header a")]
      .map((element) => ({
        name: element.outerHTML.slice(0, 80),
        box: element.getBoundingClientRect(),
      }))
      .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
      .map(({ name }) => name),
  );
  assert.deepEqual(small, []);
  await context.close();
});

test("Reflow: from 320 pixels to a wide desk nothing scrolls sideways and no card is wider than its column", async () => {
  const board = await api.addBoard("Widths");
  for (const task of exampleTasks()) {
    await api.addTask(board.id, task);
  }
  const { context, page } = await openWindow(browser);
  await boardWindow(page).open(servers.url, board.id);
  assert.ok(await page.locator("#activity").isVisible(), "the widest layout, with the activity");
  for (const width of [320, 375, 480, 640, 704, 740, 820, 1024, 1216, 1600]) {
    await page.setViewportSize({ width, height: 700 });
    const tooWide = await page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll(".cards, .card")]
        .filter((element) => element.scrollWidth > element.clientWidth)
        .map((element) => element.className || "page"),
    );
    assert.deepEqual(tooWide, [], `at ${width} pixels`);
  }
  await context.close();
});
