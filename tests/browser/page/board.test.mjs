import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { useStage } from "../harness/stage.mjs";

const stage = useStage({ full: true, accounts: ["ada"] });
const { ada } = stage.people;

/** Both modes: how a board is created through the API, and its path. */
const MODES = [
  {
    mode: "quick-win",
    root: "/quick-win/boards",
    api: () => stage.api,
    account: null,
  },
  {
    mode: "state-of-the-art",
    root: "/boards",
    api: () => ada.api,
    account: ada,
  },
];

for (const { mode, root, api, account } of MODES) {
  /** A board with these cards in its first column, in two windows. */
  const inTwoWindows = async (...titles) => {
    const { id } = await api().addBoard(`Board of ${mode}`);
    for (const title of titles) {
      await api().addTask(id, { title });
    }
    const open = async () => {
      const window = await openApp(stage, { account });
      await window.go(`${root}/${id}`);
      await window.board.isLive();
      return window;
    };
    const [first, second] = await Promise.all([open(), open()]);
    const close = async () => {
      assert.deepEqual([...first.faults(), ...second.faults()], []);
      await Promise.all([first.close(), second.close()]);
    };
    return { first, second, close };
  };

  describe(mode, () => {
    test("A card added in one window is in the other, in the order of adding; none without something to be seen", async () => {
      const { first, second, close } = await inTwoWindows();
      await first.board.add("To do", "\u200b", "One", "Two", "Three");
      await first.board.shows("To do", ["One", "Two", "Three"]);
      await second.board.shows("To do", ["One", "Two", "Three"]);
      await close();
    });

    test("A card dragged with the mouse is under the pointer on its way and lands in the other window as well; where Escape ends it, nothing changes", async () => {
      const { first, second, close } = await inTwoWindows(
        "One",
        "Two",
        "Three",
      );
      const before = await first.board.card("Two").boundingBox();
      const drag = await first.board.drag(
        "Two",
        first.board.column("In progress"),
      );
      const target = await first.board.column("In progress").boundingBox();
      await eventually("the card follows the pointer", async () => {
        const boxes = await first.page
          .getByText("Two", { exact: true })
          .evaluateAll((elements) =>
            elements.map((element) => element.getBoundingClientRect().x),
          );
        return boxes.some(
          (x) => x > target.x - 40 && Math.abs(x - before.x) > 100,
        );
      });
      await second.board.shows("To do", ["One", "Two", "Three"]);
      await drag.drop();
      for (const { board } of [first, second]) {
        await board.shows("To do", ["One", "Three"]);
        await board.shows("In progress", ["Two"]);
      }

      const given = await first.board.drag(
        "One",
        first.board.column("Finished"),
      );
      await given.cancel();
      await first.page.mouse.up();
      await first.board.shows("To do", ["One", "Three"]);
      assert.deepEqual(await first.board.titles("Finished"), []);
      await close();
    });

    test('A card moves by the keyboard alone: Space, an arrow, Space; and by "Move to…" of its menu; after a reload the board is the same', async () => {
      const { first, second, close } = await inTwoWindows("One", "Three");
      await first.board.card("One").focus();
      await first.page.keyboard.press("Space");
      await first.page.keyboard.press("ArrowRight");
      await first.page.keyboard.press("Space");
      for (const { board } of [first, second]) {
        await board.shows("To do", ["Three"]);
        await board.shows("In progress", ["One"]);
      }
      await first.board.moveByMenu("Three", "Finished");
      for (const { board } of [first, second]) {
        await board.shows("Finished", ["Three"]);
      }
      await first.page.reload();
      await first.board.isLive();
      await first.board.shows("To do", []);
      await first.board.shows("In progress", ["One"]);
      await first.board.shows("Finished", ["Three"]);
      await close();
    });

    test("A link to a task opens it over its board, and Back leads to the board", async () => {
      const { id } = await api().addBoard("Linked");
      await api().addTask(id, { title: "Three" });
      const window = await openApp(stage, { account });
      const { page } = window;
      await window.go(`${root}/${id}`);
      await window.board.card("Three").click();
      const dialog = page.getByRole("dialog");
      await dialog.waitFor();
      const link = page.url();
      assert.match(link, new RegExp(`${root}/${id}/tasks/\\d+$`, "u"));
      await page.goBack();
      await dialog.waitFor({ state: "hidden" });
      await page.goto(link);
      await dialog.getByText("Three").first().waitFor();
      assert.deepEqual(window.faults(), []);
      await window.close();
    });
  });
}

test("Without an account a column's order is that of its numbers: no other place is offered, and none is announced", async () => {
  const board = await stage.api.addBoard("By number");
  const titles = ["One", "Two", "Three", "Four"];
  for (const title of titles) {
    await stage.api.addTask(board.id, {
      title,
      status: title === "Two" ? "finished" : "todo",
    });
  }
  const window = await openApp(stage);
  const { page } = window;
  await window.go(`/quick-win/boards/${board.id}`);
  await window.board.isLive();
  const top = async (title) => (await window.board.card(title).boundingBox()).y;
  const rest = await top("Three");

  const home = await window.board.drag("One", window.board.card("Four"));
  await home.drop();
  const shown = page.getByText("“One” moved to To do");
  assert.equal(await shown.count(), 0, "it returned to its place");

  const drag = await window.board.drag("Two", window.board.card("Four"));
  await eventually(
    "the gap is before Three",
    async () => (await top("Three")) > rest + 30,
  );
  await drag.drop();
  await window.board.shows("To do", titles);

  await window.board.card("Three").focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Space");
  await page.getByText("“Three” dropped in To do, place 3.").waitFor();

  await page.getByRole("button", { name: "Actions for Four" }).click();
  await page.getByRole("menuitem", { name: /^Move to/u }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Column" }).waitFor();
  assert.equal(
    await dialog.getByRole("combobox", { name: "Place" }).count(),
    0,
  );
  await window.close();
});

test("A card that is added to a column with more cards than it shows is scrolled to", async () => {
  const { id } = await ada.api.addBoard("Long");
  for (let count = 1; count <= 30; count += 1) {
    await ada.api.addTask(id, { title: `Card ${count}` });
  }
  const window = await openApp(stage, { account: ada });
  await window.go(`/boards/${id}`);
  await window.board.isLive();
  await window.board.add("To do", "The newest");
  const isInView = () =>
    window.board.card("The newest").evaluate((card) => {
      const { x, y, width, height } = card.getBoundingClientRect();
      const at = document.elementFromPoint(x + width / 2, y + height / 2);
      return card.contains(at);
    });
  await eventually("it is in view", isInView);
  await window.close();
});

test("a card is as tall as its title: one that fits a line gets one line, and none is cut before the third", async () => {
  const { id } = await ada.api.addBoard("Titles");
  const words =
    "Will Iris mix illicit filling or WAVE with 400 well-made yellow state-of-the-art Maximilian boxes".split(
      " ",
    );
  for (let count = 1; count <= 24; count += 1) {
    const title = Array.from(
      { length: 1 + (count % 12) },
      (_, index) => words[(index * 5 + count) % words.length],
    ).join(" ");
    await ada.api.addTask(id, { title: `${title} ${count}` });
  }
  const window = await openApp(stage, {
    account: ada,
    options: { viewport: { width: 1280, height: 2400 } },
  });
  await window.go(`/boards/${id}`);
  await window.board.isLive();
  const found = await window.page.evaluate(() =>
    [...document.querySelectorAll("[data-card]")].map((card) => {
      const title = card.getAttribute("aria-label");
      const walker = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()?.data !== title);
      const text = walker.currentNode.parentElement;
      const given = text.parentElement.getBoundingClientRect().height;
      const { width } = text.getBoundingClientRect();
      const whole = text.cloneNode(true);
      whole.style.cssText = `position: absolute; width: ${width}px; box-sizing: border-box; -webkit-line-clamp: none; overflow: visible;`;
      text.parentElement.append(whole);
      const needed = whole.getBoundingClientRect().height;
      whole.remove();
      return { title, given: given / 20, needed: Math.min(3, needed / 20) };
    }),
  );
  assert.ok(found.length >= 20, `${found.length} cards`);
  assert.deepEqual(
    found.filter(({ given, needed }) => given !== needed),
    [],
  );
  await window.close();
});
