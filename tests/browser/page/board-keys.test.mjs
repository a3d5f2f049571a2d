/** The keyboard on a board: the shortcuts that its help sheet lists, and the focus after each action. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openApp, settled } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { useStage } from "../harness/stage.mjs";

const stage = useStage({ full: true, accounts: ["ada"] });
const { ada } = stage.people;

/** A board with these cards, in a window. */
async function boardOf(titles, options = {}) {
  const { id } = await ada.api.addBoard("Launch");
  for (const title of titles) {
    await ada.api.addTask(id, { title });
  }
  const app = await openApp(stage, { account: ada, options });
  await app.go(`/boards/${id}`);
  await app.page.locator("[data-column]").first().waitFor();
  // Clicks at measured places need the board's final head.
  await app.page
    .getByText(/^(?:Live|Verbunden)$/u)
    .first()
    .waitFor();
  return { ...app, id };
}

/** Waits until the control with this name has the focus. */
const holds = (page, name) =>
  eventually(`the keyboard is at "${name}"`, () =>
    page.evaluate(
      (wanted) => document.activeElement?.getAttribute("aria-label") === wanted,
      name,
    ),
  );

test("the help sheet lists all four arrows, Enter, and Delete by its name on a German keyboard", async () => {
  for (const [locale, words] of [
    ["en-GB", [/Go from card to card←→↑↓/u, /Open the cardEnter/u, /Del$/u]],
    ["de-DE", [/Karte öffnenEingabe/u, /Entf$/u]],
  ]) {
    const { page, close } = await boardOf(["Draw"], { locale });
    await page.keyboard.press("?");
    const sheet = page.getByRole("dialog");
    await sheet.waitFor();
    const lines = await sheet
      .locator("h3 ~ *")
      .evaluateAll((all) => all.map((line) => line.textContent));
    for (const word of words) {
      assert.ok(
        lines.some((line) => word.test(line)),
        `${word} in ${lines}`,
      );
    }
    await close();
  }
});

test("WCAG 2.4.3: a column that is added has the keyboard in its name, to be typed over", async () => {
  const { page, id, close } = await boardOf([]);
  await page.getByRole("button", { name: "Board menu" }).click();
  await page.getByRole("menuitem", { name: "Columns…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Add column" }).click();
  await holds(page, "Name of column 4");
  await page.keyboard.type("Shipped");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await eventually("the server has it", async () => {
    const { columns } = await ada.api.board(id);
    return columns.at(-1).name === "Shipped";
  });
  await close();
});

/** The names of a board's columns on the server. */
const columnsOf = async (id) =>
  (await ada.api.board(id)).columns.map(({ name }) => name);

/** Waits until the columns are in this order, on the screen and on the server. */
async function stand(page, id, names) {
  await eventually(`the columns are ${names}`, async () => {
    const shown = await page
      .locator("[data-column]")
      .evaluateAll((all) =>
        [...all]
          .sort(
            (one, other) =>
              one.getBoundingClientRect().x - other.getBoundingClientRect().x,
          )
          .map((column) => column.getAttribute("aria-label")),
      );
    return `${shown}` === `${names}` && `${await columnsOf(id)}` === `${names}`;
  });
}

test("a column is added at the end of the board, renamed in its place, limited, moved and deleted by its menu", async () => {
  const { page, id, faults, close } = await boardOf(["One", "Two"]);
  await page.getByRole("button", { name: "Add column" }).click();
  const added = page.getByRole("textbox", { name: "Name of the new column" });
  await added.fill("Shipped");
  await added.press("Enter");
  await stand(page, id, ["To do", "In progress", "Finished", "Shipped"]);
  await added.press("Escape");
  await holds(page, "Add column");

  await page.getByRole("button", { name: "In progress", exact: true }).click();
  const name = page.getByRole("textbox", { name: "Name of column 2" });
  await name.fill("Doing");
  await name.press("Enter");
  await stand(page, id, ["To do", "Doing", "Finished", "Shipped"]);

  const choose = async (column, item) => {
    await page
      .getByRole("button", { name: `Actions for the column ${column}` })
      .click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await choose("To do", "Set a limit…");
  await page.getByRole("textbox", { name: "Limit" }).fill("1");
  await page.keyboard.press("Enter");
  await page.getByText("2/1", { exact: true }).waitFor();
  await choose("Shipped", "Move left");
  await stand(page, id, ["To do", "Doing", "Shipped", "Finished"]);
  await choose("Shipped", "Delete");
  await stand(page, id, ["To do", "Doing", "Finished"]);
  await choose("To do", "Delete");
  await page.getByText("“To do” still has 2 tasks. Move them first.").waitFor();
  await stand(page, id, ["To do", "Doing", "Finished"]);
  assert.deepEqual(faults(), []);
  await close();
});

test("a column is carried to another place with the mouse and with the keyboard, and its cards stay where they are scrolled", async () => {
  const titles = Array.from({ length: 30 }, (_, index) => `Card ${index}`);
  const { page, board, id, close } = await boardOf(titles);
  const last = board.card("Card 29");
  const isSeen = () =>
    last.evaluate((card) => {
      const { x, y, width, height } = card.getBoundingClientRect();
      const at = document.elementFromPoint(x + width / 4, y + height / 2);
      return card.contains(at);
    });
  await board.card("Card 0").hover();
  await eventually("the last card is scrolled to", async () => {
    await page.mouse.wheel(0, 400);
    return (await last.count()) === 1 && (await isSeen());
  });
  const head = await page.getByRole("heading", { name: "To do" }).boundingBox();
  const target = await board.column("In progress").boundingBox();
  await page.mouse.move(head.x + 90, head.y + 8);
  await page.mouse.down();
  await page.mouse.move(target.x + 120, head.y + 8, { steps: 8 });
  await page.mouse.up();
  await stand(page, id, ["In progress", "To do", "Finished"]);
  await eventually("the last card is still seen", isSeen);

  await page.getByRole("button", { name: "Finished", exact: true }).focus();
  await page.keyboard.press("Space");
  await page
    .getByText(/^“Finished” picked up, place 3 of 3\./u)
    .waitFor({ state: "attached" });
  await page.keyboard.press("ArrowLeft");
  await page
    .getByText("Finished, place 2 of 3", { exact: true })
    .waitFor({ state: "attached" });
  await page.keyboard.press("Space");
  await stand(page, id, ["In progress", "Finished", "To do"]);
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Escape");
  await stand(page, id, ["In progress", "Finished", "To do"]);
  await close();
});

test("api: /problems/wip-limit: a full column says so while a card is held over it, opens no place for it, and says how many it has", async () => {
  const { page, board, id, close } = await boardOf(["One", "Two", "Three"]);
  const [{ key }] = (await ada.api.board(id)).columns.slice(1);
  await ada.api.addTask(id, { title: "Four", status: key });
  await ada.api.addTask(id, { title: "Five", status: key });
  const { columns } = await ada.api.board(id);
  await ada.api.patchBoard(id, {
    columns: columns.map((each) =>
      each.key === key ? { ...each, wip_limit: 1 } : each,
    ),
  });
  await page.getByText("2/1", { exact: true }).waitFor();
  const column = board.column("In progress");
  const four = await board.card("Four").boundingBox();
  const drag = await board.drag("One", board.card("Four"));
  await column.getByText("Full: 2 of 1 task", { exact: true }).waitFor();
  await settled(page);
  assert.equal((await board.card("Four").boundingBox()).y, four.y, "no gap");
  await drag.drop();
  await page
    .getByText("“In progress” is full: 2 of 1 task. Move 2 out first.")
    .waitFor();
  await board.shows("To do", ["One", "Two", "Three"]);

  await board.card("One").focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await page
    .getByText(
      "In progress is full: 2 of 1 task. The card cannot be dropped here.",
    )
    .waitFor({ state: "attached" });
  assert.equal((await board.card("Four").boundingBox()).y, four.y, "no gap");
  await page.keyboard.press("Escape");
  await board.shows("To do", ["One", "Two", "Three"]);
  await close();
});

test("WCAG 2.4.3: Escape from a task that Forward showed leads back to its card", async () => {
  const { page, board, close } = await boardOf(["First", "Second"]);
  await board.card("Second").click();
  await page.waitForURL("**/tasks/*");
  await page.goBack();
  await holds(page, "Second");
  await board.card("First").focus();
  await page.goForward();
  await page.waitForURL("**/tasks/*");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await holds(page, "Second");
  await close();
});

test("Ctrl+Z names what it undoes, Ctrl+Shift+Z does it again, and both continue step by step", async () => {
  const { page, board, close, id } = await boardOf(["Read", "Write"]);
  await board.moveByMenu("Read", "Finished");
  await board.moveByMenu("Write", "In progress");
  await board.shows("In progress", ["Write"]);
  const toast = page.getByRole("region", { name: "Notifications" });
  const reported = (words) => toast.getByText(words).waitFor();
  await board.isLive();
  await page.keyboard.press("Control+z");
  await reported("Undone: ada moved “Write” from To do to In progress");
  await board.shows("In progress", []);
  await page.keyboard.press("Control+z");
  await reported("Undone: ada moved “Read” from To do to Finished");
  await board.shows("Finished", []);
  await page.keyboard.press("Control+Shift+z");
  await reported("Redone: ada moved “Read” from To do to Finished");
  await board.shows("Finished", ["Read"]);
  await page.keyboard.press("Control+Shift+z");
  await board.shows("In progress", ["Write"]);
  await toast.getByRole("button", { name: "Undo" }).click();
  await board.shows("In progress", []);
  await toast.getByRole("button", { name: "Redo" }).click();
  await board.shows("In progress", ["Write"]);
  // The toast's button undoes the change that the toast names, even after later changes.
  await board.card("Write").click();
  const panel = page.getByRole("dialog");
  await panel
    .getByRole("combobox", { name: "Status" })
    .selectOption({ label: "Finished" });
  await reported("“Write” moved to Finished");
  await panel.getByRole("button", { name: "Edit title" }).click();
  await page.keyboard.press("End");
  await page.keyboard.type(" on");
  await page.keyboard.press("Enter");
  await eventually("the server has both", async () => {
    const { tasks } = await ada.api.board(id);
    return tasks.some(
      ({ title, status }) => title === "Write on" && status === "finished",
    );
  });
  await toast.getByRole("button", { name: "Undo" }).click();
  await reported("Undone: “Write” moved to Finished");
  await page.keyboard.press("Escape");
  await board.shows("In progress", ["Write on"]);
  await close();
});

test("without an account Ctrl+Z undoes the change that its toast reports, once", async () => {
  const { id } = await stage.api.addBoard("Plan");
  await stage.api.addTask(id, { title: "Read" });
  const app = await openApp(stage);
  const { page, board } = app;
  await app.go(`/quick-win/boards/${id}`);
  await board.isLive();
  await board.moveByMenu("Read", "Finished");
  await board.shows("Finished", ["Read"]);
  await page.keyboard.press("Control+z");
  await board.shows("To do", ["Read"]);
  await page.getByText("Undone: “Read” moved to Finished").waitFor();
  await page.keyboard.press("Control+Shift+z");
  await board.shows("Finished", ["Read"]);
  // A change without an answer from the server yet is undone as well, and once.
  let answer = () => {};
  const held = new Promise((resolve) => {
    answer = resolve;
  });
  await page.route(/\/api\//u, async (route) => {
    if (route.request().method() !== "GET") {
      await held;
    }
    await route.continue();
  });
  await page.keyboard.press("Control+z");
  await board.shows("To do", ["Read"]);
  await page.keyboard.press("Control+z");
  await page.getByText("You have nothing to undo.").waitFor();
  await board.shows("To do", ["Read"]);
  answer();
  // A card that another user moved since stays where they put it.
  await board.moveByMenu("Read", "In progress");
  const moved = async (status) => {
    const { tasks } = await stage.api.board(id);
    return tasks[0].status === status;
  };
  await eventually("it is there", () => moved("in_progress"));
  await stage.api.patchTask(id, 1, { status: "finished" });
  await board.shows("Finished", ["Read"]);
  await page.keyboard.press("Control+z");
  await page.getByText("Somebody changed this card after you did.").waitFor();
  assert.ok(await moved("finished"));
  await app.close();
});
