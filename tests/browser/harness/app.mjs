/** The app as a person uses it: boards, columns and cards by their names on the screen. */

import { openWindow } from "./browser.mjs";
import { eventually, PATIENCE } from "./eventually.mjs";

/**
 * A window with its own profile, logged in if an account is given.
 *
 * @param {{browser: import("playwright-core").Browser, servers: import("./servers.mjs").Servers}} stage
 * @param {{account?: {token: string} | null, options?: import("playwright-core").BrowserContextOptions}} [of]
 */
export async function openApp(stage, { account = null, options = {} } = {}) {
  const { context, page, errors } = await openWindow(stage.browser, options);
  if (account) {
    await context.addCookies([
      { name: "token", value: account.token, url: stage.servers.url },
    ]);
  }
  const go = (path) => page.goto(`${stage.servers.url}${path}`);
  const faults = () => [...errors];
  const tab = async () => {
    const other = await context.newPage();
    await other.goto(page.url());
    return { page: other, board: boardOn(other) };
  };
  return {
    context,
    page,
    faults,
    go,
    /** Another tab of the same profile, at the same address. */
    tab,
    keptPage: () => keptPage(page),
    board: boardOn(page),
    close: () => context.close(),
  };
}

/**
 * Waits until the browser has cached the page, which then opens without a network.
 *
 * @param {import("playwright-core").Page} page
 */
export function keptPage(page) {
  return eventually("the service worker has the page", () =>
    page.evaluate(
      () => navigator.serviceWorker.controller?.state === "activated",
    ),
  );
}

/**
 * Waits until the screen has loaded its data: nothing is shown as loading.
 *
 * @param {import("playwright-core").Page} page
 */
export async function loaded(page) {
  await page
    .locator("h1:not(.start h1)")
    .first()
    .waitFor({ state: "attached" });
  const onItsWay = page.locator("[role=progressbar], [aria-busy=true]");
  await eventually(
    "nothing is loading",
    async () => (await onItsWay.count()) === 0,
  );
  await settled(page);
}

/**
 * Waits until everything is drawn and no animation is running.
 *
 * @param {import("playwright-core").Page} page
 */
export function settled(page) {
  return page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    await frame();
    const gliding = document
      .getAnimations()
      .filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(gliding.map(({ finished }) => finished));
  });
}

/** @typedef {ReturnType<typeof boardOn>} BoardOnScreen */

/** @param {import("playwright-core").Page} page */
function boardOn(page) {
  const column = (name) => page.getByRole("group", { name, exact: true });
  const card = (title) => page.getByRole("link", { name: title, exact: true });
  const connection = page
    .getByRole("status")
    .filter({ hasText: /live|catching|offline|connecting|waiting/iu });
  return {
    column,
    card,
    connection,

    /** Waits until the board is shown and live. */
    isLive: (deadline = PATIENCE) =>
      eventually(
        "the board is live",
        async () => /live/iu.test(await connection.first().innerText()),
        deadline,
      ),

    /** @returns {Promise<string[]>} the titles of a column's cards in the order shown */
    titles: (name) =>
      column(name)
        .getByRole("listitem")
        .evaluateAll((items) =>
          items.map(
            (item) =>
              item.querySelector("[data-card]")?.getAttribute("aria-label") ??
              "",
          ),
        ),

    /** Waits until a column shows exactly these cards. */
    async shows(name, titles, deadline = PATIENCE) {
      let seen = [];
      await eventually(
        `"${name}" shows ${JSON.stringify(titles)}`,
        async () => {
          seen = await this.titles(name);
          return JSON.stringify(seen) === JSON.stringify(titles);
        },
        deadline,
      ).catch((error) => {
        throw new Error(`${error.message}, but ${JSON.stringify(seen)}`, {
          cause: error,
        });
      });
    },

    /** Adds a card at the end of a column with the keyboard. */
    async add(name, ...titles) {
      await column(name)
        .getByRole("button", { name: /^Add task/u })
        .click();
      const field = column(name).getByRole("textbox", {
        name: "Title of the new task",
      });
      for (const title of titles) {
        await field.fill(title);
        await field.press("Enter");
      }
      await field.press("Escape");
    },

    /** Drags a card with the mouse over another card, or into an empty column. */
    async drag(title, target) {
      const from = await middle(card(title));
      const to = await middle(target);
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(from.x + 12, from.y + 12, { steps: 3 });
      await page.mouse.move(to.x, to.y, { steps: 12 });
      return {
        drop: () => page.mouse.up(),
        cancel: () => page.keyboard.press("Escape"),
      };
    },

    /** Moves a card by its menu, as with a screen reader. */
    async moveByMenu(title, columnName) {
      await page
        .getByRole("button", { name: `Actions for ${title}`, exact: true })
        .click();
      await page.getByRole("menuitem", { name: /^Move to/u }).click();
      const dialog = page.getByRole("dialog");
      await dialog
        .getByRole("combobox", { name: "Column" })
        .selectOption({ label: columnName });
      await dialog.getByRole("button", { name: "Move", exact: true }).click();
    },
  };
}

/** @param {import("playwright-core").Locator} locator */
async function middle(locator) {
  const box = await locator.boundingBox();
  if (!box) {
    throw new Error(`${locator} is not on the screen`);
  }
  return { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 60) };
}
