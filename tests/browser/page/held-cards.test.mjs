import assert from "node:assert/strict";
import { test } from "node:test";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { useStage } from "../harness/stage.mjs";

const stage = useStage({ full: true, accounts: ["ada", "bob"] });
const { ada, bob } = stage.people;

const PHONE = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
};

/** A user's window on a board. */
async function windowOn(board, account, options = {}) {
  const window = await openApp(stage, { account, options });
  await window.go(`/boards/${board.id}`);
  await window.board.isLive();
  return window;
}

/** Holds back the server's answers and events until they are released. */
async function heldBack(page) {
  let letThrough;
  const free = new Promise((resolve) => {
    letThrough = resolve;
  });
  await page.route(/\/tasks$/u, async (route) => {
    if (route.request().method() === "POST") await free;
    await route.continue();
  });
  return letThrough;
}

const named = (page, title) =>
  eventually(`the server has named ${title}`, async () => {
    const card = page.getByRole("link", { name: title, exact: true });
    return Number(await card.getAttribute("data-card")) > 0;
  });

for (const [where, options] of [
  ["on a desk", {}],
  ["on a phone", PHONE],
]) {
  test(`The menu of a new card stays open while the server names it, and its dialog gives the focus back, ${where}`, async () => {
    const board = await ada.api.addBoard("Names");
    const window = await windowOn(board, ada, options);
    const { page } = window;
    const letThrough = await heldBack(page);
    await window.board.add("To do", "New");
    await page
      .getByRole("button", { name: "Actions for New", exact: true })
      .click();
    const item = page.getByRole("menuitem", { name: /^Move to/u });
    await item.focus();
    letThrough();
    await named(page, "New");
    assert.equal(
      await item.evaluate((element) => element === document.activeElement),
      true,
    );
    await item.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog
      .getByRole("combobox", { name: "Column" })
      .selectOption({ label: "Finished" });
    await dialog.getByRole("button", { name: "Move", exact: true }).click();
    await window.board.shows("Finished", ["New"]);
    await eventually("the card has the focus", () =>
      page.evaluate(
        () => document.activeElement?.getAttribute("aria-label") === "New",
      ),
    );
    await window.close();
  });
}

test("A card that is dragged while the server names it, and its neighbour, falls where it is put", async () => {
  const board = await ada.api.addBoard("Names in the air");
  const window = await windowOn(board, ada);
  const { page } = window;
  const letThrough = await heldBack(page);
  await window.board.add("To do", "One", "Two", "Three");
  const held = await window.board.drag("Three", window.board.card("One"));
  letThrough();
  await named(page, "One");
  await named(page, "Two");
  await eventually("the held card has its name", async () => {
    const id = await page.getByTestId("held-card").getAttribute("data-held");
    return Number(id) > 0;
  });
  await held.drop();
  await window.board.shows("To do", ["Three", "One", "Two"]);
  await window.close();
});

test("A card that another user moves during a drag goes nowhere silently", async () => {
  const board = await ada.api.addBoard("Held by two");
  await ada.api.addTask(board.id, { title: "Kite" });
  await ada.api.addTask(board.id, { title: "Other" });
  await ada.api.addMember(board.id, "bob", "editor");
  const [here, there] = await Promise.all([
    windowOn(board, ada),
    windowOn(board, bob),
  ]);
  const { page } = here;
  let held = await here.board.drag("Kite", here.board.card("Kite"));
  await there.board.moveByMenu("Kite", "Finished");
  await there.board.shows("Finished", ["Kite"]);
  await here.board.shows("Finished", ["Kite"]);
  await held.drop();
  await page
    .getByText(
      "“Kite” is in Finished now: somebody moved it while you were dragging it.",
    )
    .first()
    .waitFor();
  await here.board.shows("Finished", ["Kite"]);
  await there.board.shows("Finished", ["Kite"]);

  held = await here.board.drag("Kite", here.board.column("In progress"));
  await there.board.moveByMenu("Kite", "To do");
  await there.board.shows("To do", ["Other", "Kite"]);
  await held.drop();
  await page
    .getByText(/^1 change needs you/u)
    .first()
    .waitFor();
  await there.board.shows("To do", ["Other", "Kite"]);
  await Promise.all([here.close(), there.close()]);
});
