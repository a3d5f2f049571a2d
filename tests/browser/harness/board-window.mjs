/** What a person sees and does on a board, in the words of the tests. */

import { eventually } from "./eventually.mjs";

export const COLUMNS = ["todo", "in_progress", "finished"];

/** @param {import("playwright-core").Page} page */
export function boardWindow(page) {
  const lane = (column) => page.locator(`.lane-${column}`);
  const card = (title) =>
    page
      .locator(".lane .card")
      .filter({ has: page.getByRole("button", { name: title, exact: true }) });
  const connection = page.locator("#connection");
  return {
    page,
    lane,
    card,
    connection,
    dialog: page.locator("#task-dialog"),
    /** Opens a board and waits until it is followed. */
    async open(url, id) {
      await page.goto(`${url}/#/boards/${id}`);
      await this.isLive();
    },
    async isLive(deadline = 20_000) {
      await eventually(
        "the page says it is live",
        async () => (await connection.getAttribute("data-state")) === "live",
        deadline,
      );
    },
    /** @returns {Promise<Record<string, string[]>>} the titles in each column, from the top */
    columns() {
      return page.evaluate((keys) => {
        const titles = (key) =>
          [...document.querySelectorAll(`.lane-${key} .card-open`)].map(
            (button) => button.textContent,
          );
        return Object.fromEntries(keys.map((key) => [key, titles(key)]));
      }, COLUMNS);
    },
    async has(column, title) {
      return (await this.columns())[column].includes(title);
    },
    async add(column, title) {
      await lane(column).locator(".add input").fill(title);
      await lane(column).locator(".add input").press("Enter");
    },
    async edit(title) {
      await card(title).locator(".card-open").click();
      await page.locator("#task-dialog[open]").waitFor();
    },
    save() {
      return page.locator("#task-dialog [data-save]").click();
    },
    async choose(title, action) {
      await card(title).locator(".card-more").click();
      await page.getByRole("menuitem", { name: action }).click();
    },
  };
}

/**
 * Milliseconds from somebody's last press in one window until another window shows what came of it.
 * Both moments are taken inside the pages (the machine has one clock), not by polling from outside.
 *
 * @param {import("playwright-core").Page} from
 * @param {import("playwright-core").Page} to
 * @param {{selector: string, text: string, gone?: boolean}} sight an element with exactly this text,
 *   or that there is none any more
 * @param {() => Promise<unknown>} act
 * @param {number} [deadline] milliseconds
 * @returns {Promise<number>}
 */
export async function timeUntilSeen(from, to, sight, act, deadline = 10_000) {
  await from.evaluate(() => {
    const note = () => (window.pressedAt = Date.now());
    for (const type of ["keydown", "pointerup", "click"]) {
      window.addEventListener(type, note, { capture: true });
    }
  });
  await to.evaluate(({ selector, text, gone }) => {
    const shown = () =>
      [...document.querySelectorAll(selector)].some((element) => element.textContent === text);
    window.seen = new Promise((resolve) => {
      const observer = new MutationObserver(() => {
        if (shown() !== Boolean(gone)) {
          observer.disconnect();
          resolve(Date.now());
        }
      });
      observer.observe(document, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
      });
    });
  }, sight);
  await act();
  const pressedAt = await from.evaluate(() => window.pressedAt);
  const late = new Promise((_, reject) => {
    const error = new Error(`not seen within ${deadline} ms: ${JSON.stringify(sight)}`);
    setTimeout(reject, deadline, error).unref();
  });
  return (await Promise.race([to.evaluate(() => window.seen), late])) - pressedAt;
}
