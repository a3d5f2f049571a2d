/** Small windows: 400 % zoom, a phone in landscape, and long German words on a narrow one. */

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { loaded, openApp, settled } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { useStage } from "../harness/stage.mjs";

const stage = useStage({
  full: true,
  accounts: ["ada"],
  ready: async () => {
    board = await ada.api.addBoard("Launch");
    for (let count = 1; count <= 20; count += 1) {
      const made = await ada.api.addTask(board.id, { title: `Task ${count}` });
      task ??= made;
    }
  },
});
const { ada } = stage.people;
/** Read by many tests, and changed by none. */
let board;
let task;

/** A window of this size with the live board. */
async function openBoard(width, height) {
  const app = await openApp(stage, {
    account: ada,
    options: { viewport: { width, height } },
  });
  await app.go(`/boards/${board.id}`);
  await app.board.isLive();
  return app;
}

/** The visible fraction of an element, in the window and not clipped by its ancestors; from 0 to 1. */
const seen = (locator) =>
  locator.evaluate(
    (element) =>
      new Promise((resolve) => {
        new IntersectionObserver(([entry]) =>
          resolve(entry.intersectionRatio),
        ).observe(element);
      }),
  );

for (const [what, width, height] of [
  ["at 400 % zoom", 320, 256],
  ["on a phone on its side", 667, 375],
]) {
  describe(`${what} (${width} × ${height})`, () => {
    for (const filters of [false, true]) {
      test(`WCAG 1.4.10: cards and the form for a new one can be seen whole${filters ? " with the filters open" : ""}`, async () => {
        const app = await openBoard(width, height);
        const { page } = app;
        if (filters) {
          await page.getByRole("button", { name: "Filters" }).click();
        }
        const card = app.board.card("Task 1");
        await card.scrollIntoViewIfNeeded();
        assert.ok((await seen(card)) > 0.95, `a card: ${await seen(card)}`);
        const column = app.board.column("To do");
        await column.getByRole("button", { name: /^Add task/u }).click();
        const add = column.getByRole("button", { name: "Add", exact: true });
        await add.scrollIntoViewIfNeeded();
        assert.ok((await seen(add)) > 0.95, `"Add": ${await seen(add)}`);
        assert.deepEqual(app.faults(), []);
        await app.close();
      });
    }

    test("a column draws the cards that it is scrolled to", async () => {
      const app = await openBoard(width, height);
      const { page } = app;
      await app.board.card("Task 1").hover();
      for (let count = 0; count < 12; count += 1) {
        await page.mouse.wheel(0, 200);
        await page.evaluate(() => new Promise(requestAnimationFrame));
      }
      await eventually("the last card is seen", async () => {
        const last = app.board.card("Task 20");
        return (await last.count()) === 1 && (await seen(last)) > 0.95;
      });
      await app.close();
    });
  });
}

describe("the head of a board is one row, and leaves the window to the columns", () => {
  /** Read by these tests, and changed by none. */
  let filled;

  before(async () => {
    filled = await ada.api.addBoard("Launch of the spring collection", {
      description: "Everything until the first release.",
    });
    for (let count = 1; count <= 12; count += 1) {
      await ada.api.addTask(filled.id, {
        title: `Task ${count}`,
        labels: [count === 1 ? "docs" : count === 2 ? "urgent" : "other"],
      });
    }
  });

  /** The top of the first column, and the rows of the head's controls. */
  const measured = (page) =>
    page.evaluate(() => {
      const top = document
        .querySelector("[data-column]")
        .getBoundingClientRect().top;
      const rows = new Set();
      for (const name of [
        "Rename board",
        "Filters",
        "Activity",
        "Board menu",
      ]) {
        const found = document.querySelector(`[aria-label^="${name}"]`);
        const { y, height } = found.getBoundingClientRect();
        rows.add(Math.round((y + height / 2) / 8));
      }
      return { top, rows: rows.size };
    });

  for (const [what, width, height, most, unfolded] of [
    ["on a desk", 1280, 800, 112, 152],
    ["on a phone", 390, 844, 112, 160],
    ["at 400 % zoom", 320, 256, 112, 160],
  ]) {
    test(`${what}: at most ${most} px before the columns, ${unfolded} px with the filters`, async () => {
      for (const id of [board.id, filled.id]) {
        const app = await openApp(stage, {
          account: ada,
          options: { viewport: { width, height } },
        });
        const { page } = app;
        await app.go(`/boards/${id}`);
        await app.board.isLive();
        const folded = await measured(page);
        assert.equal(folded.rows, 1, "one row");
        assert.ok(folded.top <= most, `${folded.top} px before the columns`);
        assert.equal(
          await page.getByRole("button", { name: "Add a description" }).count(),
          0,
          "an empty description takes no room",
        );
        await page.getByRole("button", { name: "Filters" }).click();
        const { top } = await measured(page);
        assert.ok(top <= unfolded, `${top} px with the filters`);
        assert.deepEqual(await sticksOut(page), []);
        await page.getByRole("button", { name: "Filters" }).click();
        assert.equal((await measured(page)).top, folded.top, "folded away");
        await app.close();
      }
    });
  }

  test("several values of a filter may be chosen; a column says how many of how many it shows", async () => {
    const app = await openApp(stage, { account: ada });
    const { page } = app;
    await app.go(`/boards/${filled.id}`);
    await app.board.isLive();
    await page.getByRole("button", { name: "Filters" }).click();
    await page.getByRole("button", { name: "Label", exact: true }).click();
    await page.getByRole("menuitemcheckbox", { name: "docs" }).click();
    const column = app.board.column("To do");
    await column.getByText("1 of 12", { exact: true }).waitFor();
    await page.getByRole("menuitemcheckbox", { name: "urgent" }).click();
    await page.keyboard.press("Escape");
    await column.getByText("2 of 12", { exact: true }).waitFor();
    await app.board.shows("To do", ["Task 1", "Task 2"]);
    await page.getByRole("button", { name: "Label: docs, urgent" }).waitFor();
    await page.getByRole("button", { name: "Filters (2)" }).click();
    await app.board.shows("To do", ["Task 1", "Task 2"]);
    await page.getByRole("button", { name: "Clear filters" }).click();
    await column.getByText("12", { exact: true }).waitFor();
    assert.deepEqual(app.faults(), []);
    await app.close();
  });

  test("a filter is in the address, also of a task: it is kept over a reload and in a link; Back brings none back that was cleared, and leads out of the board", async () => {
    const app = await openApp(stage, { account: ada });
    const { page } = app;
    const column = app.board.column("To do");
    await app.go("/boards");
    await page
      .getByRole("link", { name: /^Launch of the spring/u })
      .first()
      .click();
    await app.board.isLive();
    await page.getByRole("textbox", { name: "Search tasks" }).fill("task");
    await page.getByRole("button", { name: "Filters", exact: true }).click();
    await page.getByRole("button", { name: "Label", exact: true }).click();
    await page.getByRole("menuitemcheckbox", { name: "docs" }).click();
    await page.keyboard.press("Escape");
    await column.getByText("1 of 12", { exact: true }).waitFor();
    await page.waitForURL(/\?q=task&label=docs$/u);
    await page.reload();
    await column.getByText("1 of 12", { exact: true }).waitFor();

    const link = await app.context.newPage();
    await link.goto(page.url());
    await link.getByText("1 of 12", { exact: true }).waitFor();
    await link.close();

    await app.board.card("Task 1").click();
    await page.getByRole("dialog").waitFor();
    await page.waitForURL(/\/tasks\/\d+\?q=task&label=docs$/u);
    const taskLink = await app.context.newPage();
    await taskLink.goto(page.url());
    await taskLink.getByRole("dialog").waitFor();
    await taskLink.keyboard.press("Escape");
    await taskLink.waitForURL(/\/boards\/\d+\?q=task&label=docs$/u);
    await taskLink.getByText("1 of 12", { exact: true }).waitFor();
    await taskLink.close();

    await page.keyboard.press("Escape");
    await page.waitForURL(/\/boards\/\d+\?q=task&label=docs$/u);
    await page.getByRole("button", { name: "Clear filters" }).click();
    await column.getByText("12", { exact: true }).waitFor();
    await page.waitForURL(/\/boards\/\d+$/u);
    await page.goForward();
    await page.getByRole("dialog").waitFor();
    await page.waitForURL(/\/tasks\/\d+$/u);
    await page.goBack();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.waitForURL(/\/boards\/\d+$/u);
    await column.getByText("12", { exact: true }).waitFor();
    await page.goBack();
    await page.waitForURL(/\/boards$/u);
    await app.close();
  });
});

/** Every control and heading that extends beyond the window's sides, unless its container scrolls. */
const sticksOut = (page) =>
  page.evaluate(() => {
    const scrolls = (element) => {
      for (let at = element.parentElement; at; at = at.parentElement) {
        const { overflowX } = getComputedStyle(at);
        if (/auto|scroll/u.test(overflowX) && at.scrollWidth > at.clientWidth) {
          return true;
        }
      }
      return false;
    };
    const { scrollWidth } = document.scrollingElement;
    const found = scrollWidth > innerWidth ? [`the page: ${scrollWidth}`] : [];
    const all = document.querySelectorAll(
      'a, button, input, select, textarea, h1, h2, h3, [role="button"], [role="radio"], [role="menuitem"]',
    );
    for (const element of all) {
      const { left, right, width, height } = element.getBoundingClientRect();
      const unseen = width <= 1 || height <= 1 || element.closest("[inert]");
      if (
        !unseen &&
        (left < 0 || right > innerWidth + 0.5) &&
        !scrolls(element)
      ) {
        const name = element.getAttribute("aria-label") ?? element.textContent;
        found.push(`${name}: ${left} to ${right}`);
      }
    }
    return found;
  });

describe("WCAG 1.4.10: in German at 320 px nothing sticks out of the window", () => {
  const german = {
    locale: "de-DE",
    viewport: { width: 320, height: 640 },
  };

  test("on the screens of a guest", async () => {
    const app = await openApp(stage, { options: german });
    for (const path of ["/", "/login", "/register", "/quick-win", "/nowhere"]) {
      await app.go(path);
      await loaded(app.page);
      assert.deepEqual(await sticksOut(app.page), [], path);
    }
    await app.close();
  });

  test("on the screens of an account", async () => {
    const app = await openApp(stage, { account: ada, options: german });
    for (const path of [
      "/boards",
      `/boards/${board.id}`,
      `/boards/${board.id}/tasks/${task.id}`,
      `/boards/${board.id}/members`,
      "/boards/999999",
      "/profile",
    ]) {
      await app.go(path);
      await loaded(app.page);
      assert.deepEqual(await sticksOut(app.page), [], path);
    }
    await app.close();
  });

  test("in the dialogs of a board and of the list", async () => {
    const app = await openApp(stage, { account: ada, options: german });
    const { page } = app;
    const press = (name) =>
      page.getByRole("button", { name, exact: true }).first().click();
    await app.go("/boards");
    for (const name of ["Neues Board", "Importieren"]) {
      await press(name);
      await page.getByRole("dialog").waitFor();
      assert.deepEqual(await sticksOut(page), [], name);
      await page.keyboard.press("Escape");
    }
    await app.go(`/boards/${board.id}`);
    await press("Board-Menü");
    await page.getByRole("menu").waitFor();
    assert.deepEqual(await sticksOut(page), [], "the menu");
    await page.getByRole("menuitem", { name: /^Spalten/u }).click();
    await page.getByRole("dialog").waitFor();
    assert.deepEqual(await sticksOut(page), [], "the columns editor");
    await app.close();
  });
});

describe("a phone", () => {
  const phone = { viewport: { width: 390, height: 844 } };

  test("a board gets its description from the menu where there is no room to offer it", async () => {
    const made = await ada.api.addBoard("Garden");
    const app = await openApp(stage, { account: ada, options: phone });
    const { page } = app;
    await app.go(`/boards/${made.id}`);
    await app.board.isLive();
    await page.getByRole("button", { name: "Board menu" }).click();
    await page.getByRole("menuitem", { name: "Add a description" }).click();
    await page.keyboard.type("What grows where");
    await page.keyboard.press("Enter");
    await page.keyboard.type("Roses by the gate");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Roses by the gate").waitFor();
    await eventually("the server has it", async () => {
      const { description } = await ada.api.board(made.id);
      return description === "What grows where\nRoses by the gate";
    });
    await app.close();
  });

  test("viewers can read the whole of a board's description", async () => {
    const lines = Array.from({ length: 90 }, (_, line) => `Bed ${line + 1}`);
    const made = await ada.api.addBoard("Beds", {
      description: lines.join("\n"),
    });
    const viewer = await stage.accounts.register("bob");
    await ada.api.addMember(made.id, "bob", "viewer");
    for (const options of [phone, { viewport: { width: 1280, height: 800 } }]) {
      const app = await openApp(stage, { account: viewer, options });
      const { page } = app;
      await app.go(`/boards/${made.id}`);
      await app.board.isLive();
      const opener = page.getByRole("button", { name: "Board description" });
      if (options === phone) {
        await page.getByRole("button", { name: "Board menu" }).click();
        await page.getByRole("menuitem", { name: "Board description" }).click();
      } else {
        await opener.click();
      }
      const last = page.getByText(/Bed 90$/u).last();
      await last.evaluate((text) => {
        text.parentElement.closest("[tabindex]").scrollTop = text.offsetHeight;
      });
      const box = await last.boundingBox();
      const { height } = options.viewport;
      assert.ok(box.y + box.height < height, "its last line is in the window");
      await page.getByRole("button", { name: "Show less" }).click();
      await page.locator(":focus").waitFor();
      assert.deepEqual(app.faults(), []);
      await app.close();
    }
  });
});

for (const [width, height] of [
  [320, 256],
  [390, 440],
  [390, 520],
  [1280, 800],
]) {
  test(`WCAG 2.4.11: the line that is typed is over what saves it, not behind (${width} × ${height})`, async () => {
    const made = await ada.api.addBoard("Long");
    const { id } = await ada.api.addTask(made.id, {
      title: "Long",
      description: "A line\n".repeat(30),
    });
    const app = await openApp(stage, {
      account: ada,
      options: { viewport: { width, height } },
    });
    const { page } = app;
    await app.go(`/boards/${made.id}/tasks/${id}`);
    await page.getByRole("button", { name: "Edit description" }).click();
    const field = page.getByRole("textbox", { name: "Description" });
    await field.press("Control+End");
    await page.keyboard.type("typed at the end");
    // The caret is on the last line: the field is scrolled to its end.
    const covers = () =>
      field.evaluate((element) => {
        const { left, bottom } = element.getBoundingClientRect();
        const at = document.elementFromPoint(left + 20, bottom - 20);
        return at === element ? null : (at?.textContent ?? "beyond the window");
      });
    await eventually("it is seen", async () => (await covers()) === null);
    await app.close();
  });
}

for (const [width, height] of [
  [390, 844],
  [1280, 800],
  [320, 256],
]) {
  test(`toasts cover neither the head nor a task's panel (${width} × ${height})`, async () => {
    const made = await ada.api.addBoard("Toasts");
    const title = "A second task with a title of many words";
    await ada.api.addTask(made.id, { title: "First" });
    await ada.api.addTask(made.id, { title });
    const app = await openApp(stage, {
      account: ada,
      options: { viewport: { width, height } },
    });
    const { page } = app;
    await app.go(`/boards/${made.id}`);
    await app.board.isLive();
    await app.board.moveByMenu(title, "In progress");
    const toast = page.locator("[data-panel=toast]").first();
    await toast.waitFor();
    const apart = (other, what) =>
      eventually(`the toast is beside ${what}`, async () => {
        await settled(page);
        const box = await toast.boundingBox();
        const its = await other.boundingBox();
        return (
          box.y >= its.y + its.height ||
          its.y >= box.y + box.height ||
          box.x >= its.x + its.width ||
          its.x >= box.x + box.width
        );
      });
    for (const name of ["Rename board", "Filters", "Activity", "Board menu"]) {
      await apart(page.getByRole("button", { name, exact: true }), name);
    }
    await app.board.card("First").click();
    const panel = page.getByRole("dialog");
    await panel.waitFor();
    await apart(panel, "the panel");
    await page.getByRole("button", { name: "Dismiss" }).first().click();
    await eventually("the panel has the whole height again", async () => {
      const box = await panel.boundingBox();
      return Math.round(box.y + box.height) === height;
    });
    await app.close();
  });
}

for (const [width, height] of [
  [390, 844],
  [1280, 800],
]) {
  test(`a refused task: the toast covers neither its field nor "Add" nor the other columns' "Add task" (${width} px)`, async () => {
    const made = await ada.api.addBoard("Full", {
      columns: [
        { key: "todo", name: "To do", wip_limit: 1 },
        { key: "done", name: "Done" },
      ],
    });
    await ada.api.addTask(made.id, { title: "The only one" });
    const app = await openApp(stage, {
      account: ada,
      options: { viewport: { width, height } },
    });
    const { page } = app;
    await app.go(`/boards/${made.id}`);
    await app.board.isLive();
    const column = app.board.column("To do");
    await column.getByRole("button", { name: /^Add task/u }).click();
    const field = column.getByRole("textbox");
    await field.fill("One too many");
    await field.press("Enter");
    const toast = page.locator("[data-panel=toast]").first();
    await toast.waitFor();
    const covered = () =>
      page.evaluate(() => {
        const boxOf = (element) => element.getBoundingClientRect();
        const box = boxOf(document.querySelector("[data-panel=toast]"));
        const controls = document.querySelectorAll(
          '[data-column] :is(input, [role="button"], button)',
        );
        return [...controls]
          .filter((each) => {
            const { top, bottom } = boxOf(each);
            return box.top < bottom && top < box.bottom;
          })
          .map((each) => each.getAttribute("aria-label"));
      });
    await eventually("it covers none of them", async () => {
      await settled(page);
      return (await covered()).length === 0;
    });
    await app.close();
  });
}

for (const [what, options] of [
  ["at 400 % zoom", { viewport: { width: 320, height: 256 } }],
  ["on a phone", { viewport: { width: 390, height: 844 } }],
  [
    "by touch on a phone",
    { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  ],
]) {
  test(`WCAG 2.4.11: what has the keyboard at the end of the row of columns is in view, ${what}`, async () => {
    const launch = await ada.api.addBoard("Three columns");
    const app = await openApp(stage, { account: ada, options });
    const { page } = app;
    await app.go(`/boards/${launch.id}`);
    await app.board.isLive();
    const name = (column) =>
      app.board
        .column(column)
        .getByRole("heading", { name: column })
        .getByRole("button");
    const add = page.getByRole("button", { name: "Add column" });
    const whole = (control, which) =>
      eventually(
        `${which} is in view`,
        async () => (await seen(control)) > 0.95,
      );
    if (options.hasTouch) {
      await swipeToEnd(app);
    } else {
      await name("To do").focus();
      for (const column of ["In progress", "Finished"]) {
        await tabTo(page, name(column));
        await whole(name(column), column);
      }
      await tabTo(page, add);
    }
    await whole(add, "Add column");
    await app.close();
  });
}

/** Presses Tab until this has the focus. */
async function tabTo(page, control) {
  for (let count = 0; count < 20; count += 1) {
    await page.keyboard.press("Tab");
    if (await control.evaluate((element) => element === document.activeElement))
      return;
  }
  assert.fail("Tab does not reach it");
}

/** Swipes the row of columns, column by column, to its end. */
async function swipeToEnd({ page, context }) {
  const finger = await context.newCDPSession(page);
  const touch = (type, ...touchPoints) =>
    finger.send("Input.dispatchTouchEvent", { type, touchPoints });
  for (let count = 0; count < 3; count += 1) {
    await touch("touchStart", { x: 340, y: 600 });
    for (let x = 320; x >= 40; x -= 20) {
      await touch("touchMove", { x, y: 600 });
      await page.evaluate(() => new Promise(requestAnimationFrame));
    }
    await touch("touchEnd");
  }
}

test("the timeline of a board with a long name does not scroll sideways at 400 % zoom", async () => {
  for (const title of [
    "Lastenausgleichsgesetz".repeat(4),
    "Spring and ".repeat(8),
  ]) {
    const long = await ada.api.addBoard(title);
    await ada.api.addTask(long.id, { title: "Card" });
    const app = await openApp(stage, {
      account: ada,
      options: { viewport: { width: 320, height: 256 } },
    });
    const { page } = app;
    await app.go(`/boards/${long.id}/timeline?at=1`);
    await page.getByRole("slider").waitFor();
    await page.getByRole("slider").scrollIntoViewIfNeeded();
    assert.ok((await seen(page.getByRole("slider"))) > 0.95, title);
    const wide = await page.evaluate(() =>
      ['[role="main"]', '[role="main"] > *', '[role="status"]']
        .flatMap((which) => [...document.querySelectorAll(which)])
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
        .map(({ outerHTML }) => outerHTML.slice(0, 200)),
    );
    assert.deepEqual(wide, [], title);
    await app.close();
  }
});
