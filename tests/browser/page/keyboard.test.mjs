import assert from "node:assert/strict";
import { test } from "node:test";
import AxeBuilder from "@axe-core/playwright";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { useStage } from "../harness/stage.mjs";

const stage = useStage({ full: true, accounts: ["ada"] });
const { ada } = stage.people;

/** The name of the focused control. */
const held = (page) =>
  page.evaluate(
    () =>
      document.activeElement?.getAttribute("aria-label") ??
      document.activeElement?.textContent ??
      "",
  );

const holds = (page, name) =>
  eventually(
    `the keyboard is at "${name}"`,
    async () => (await held(page)) === name,
  );

async function isAccessible(page, where) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => [id, nodes[0]?.html]),
    [],
    where,
  );
}

async function boardsOf(names) {
  for (const name of names) await ada.api.addBoard(name);
  const window = await openApp(stage, { account: ada });
  await window.go("/boards");
  await window.page
    .getByRole("link", { name: names[0], exact: true })
    .waitFor();
  return window;
}

test("WCAG 2.1.2, 2.4.3: a dialog keeps the keyboard, Escape closes it even from a field, and focus returns", async () => {
  const window = await boardsOf(["Trap"]);
  const { page } = window;
  await page.getByRole("button", { name: "New board", exact: true }).focus();
  await page.keyboard.press("Enter");
  await holds(page, "Name");
  await isAccessible(page, "the dialog");
  const round = [];
  for (let step = 0; step < 5; step += 1) {
    round.push(await held(page));
    await page.keyboard.press("Tab");
  }
  assert.deepEqual(round, ["Name", "Description", "Cancel", "Create", "Close"]);
  await holds(page, "Name");
  await page.keyboard.press("Shift+Tab");
  await holds(page, "Close");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await holds(page, "New board");
  assert.deepEqual(window.faults(), []);
  await window.close();
});

test("WAI-ARIA menu: arrows go round, Home and End to the ends, a letter to its item, Escape back to the button", async () => {
  const window = await boardsOf(["Menu"]);
  const { page } = window;
  await page.getByRole("button", { name: "Actions for Menu" }).focus();
  await page.keyboard.press("ArrowDown");
  await holds(page, "Rename");
  await isAccessible(page, "the menu");
  for (const [key, item] of [
    ["ArrowUp", "Delete"],
    ["ArrowDown", "Rename"],
    ["End", "Delete"],
    ["Home", "Rename"],
    ["m", "Members"],
    ["a", "Archive"],
  ]) {
    await page.keyboard.press(key);
    await holds(page, item);
  }
  await page.keyboard.press("Escape");
  await holds(page, "Actions for Menu");
  await window.close();
});

test("WAI-ARIA: Space chooses in menus and radio groups, and arrows up and down open the account's menu at its ends", async () => {
  const window = await boardsOf(["Space"]);
  const { page } = window;
  await page.getByRole("button", { name: "Actions for Space" }).focus();
  await page.keyboard.press("ArrowDown");
  await holds(page, "Rename");
  await page.keyboard.press(" ");
  await page.getByRole("textbox", { name: "Name" }).waitFor();
  await page.keyboard.press("Escape");
  await holds(page, "Actions for Space");
  const account = page.getByRole("button", { name: "Account menu" });
  for (const [key, item] of [
    ["ArrowDown", "Boards"],
    ["ArrowUp", "Log out"],
  ]) {
    await account.focus();
    await page.keyboard.press(key);
    await holds(page, item);
    await page.keyboard.press("Escape");
    await holds(page, "Account menu");
  }
  await window.go("/profile");
  const dark = page.getByRole("radio", { name: "Dark", exact: true });
  await dark.focus();
  await page.keyboard.press(" ");
  await page
    .getByRole("radio", { name: "Dark", exact: true, checked: true })
    .waitFor();
  await window.close();
});

test("WCAG 2.2.1: a toast that can undo waits while the pointer is on it; where a tile is gone, the keyboard is at the heading", async () => {
  const window = await boardsOf(["Put aside"]);
  const { page } = window;
  await page.clock.install();
  await page.reload();
  await page.getByRole("button", { name: "Actions for Put aside" }).click();
  await page.getByRole("menuitem", { name: "Archive", exact: true }).click();
  const shown = page.getByText("“Put aside” is in the archive.");
  await shown.hover();
  await holds(page, "Boards");
  await page.clock.runFor(10_500);
  assert.equal(await shown.count(), 1, "it waited");
  await isAccessible(page, "the toast");
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await page.getByRole("link", { name: "Put aside", exact: true }).waitFor();
  await window.close();
});

test("`?` lists the shortcuts of the screen in view, which do nothing while something is typed", async () => {
  const window = await boardsOf(["Keys"]);
  const { page } = window;
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await sheet.getByText("New board").waitFor();
  await isAccessible(page, "the help sheet");
  await page.keyboard.press("n");
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "detached" });
  await page.keyboard.press("/");
  await holds(page, "Search boards");
  await page.keyboard.type("n?");
  assert.equal(await page.getByRole("dialog").count(), 0);
  await page.getByRole("heading", { name: "No board matches" }).waitFor();
  await window.close();
});

test("Ctrl+K goes to a board or a card by its name, also from a field, and does what can be done here", async () => {
  const window = await boardsOf(["Palette", "Elsewhere"]);
  const { page } = window;
  const go = async (words, option) => {
    await page.keyboard.press("Control+k");
    const dialog = page.getByRole("dialog", { name: "Go to" });
    await dialog.getByRole("option").first().waitFor();
    await isAccessible(page, "the palette");
    await holds(page, "Board, card or action");
    await page.keyboard.type(words);
    await dialog.getByRole("option", { name: option }).waitFor();
    assert.equal(await dialog.getByRole("option").count(), 1);
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
  };
  await page.keyboard.press("/");
  await holds(page, "Search boards");
  await go("palet", "Palette");
  await page.getByRole("heading", { name: "Palette", level: 1 }).waitFor();
  await go("new task", /^New task/u);
  await eventually("a title can be typed", () =>
    page.evaluate(() => document.activeElement?.matches("input, textarea")),
  );
  await page.keyboard.type("Paint the fence");
  await page.keyboard.press("Enter");
  await window.board.card("Paint the fence").waitFor();
  await page.keyboard.press("Escape");
  await go("fence paint", /^Paint the fence/u);
  await page.waitForURL(/\/tasks\/\d+$/u);
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Go to" }).waitFor();
  await page.keyboard.type("nowhere at all");
  await page.getByText("No board, card or action has these words.").waitFor();
  await page.keyboard.press("Escape");
  assert.deepEqual(window.faults(), []);
  await window.close();
});

test("WCAG 2.4.1: the first Tab offers to skip the bar, and a new screen is read out from its heading", async () => {
  const window = await openApp(stage);
  const { page } = window;
  await window.go("/");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.keyboard.press("Tab");
  await holds(page, "Skip to content");
  await page.keyboard.press("Enter");
  await holds(page, "Welcome");
  await page.getByRole("button", { name: "Account menu" }).click();
  await page.getByRole("menuitem", { name: "Profile" }).click();
  await holds(page, "Profile");
  assert.equal(await page.title(), "Profile · Taskboard");
  await window.close();
});

test("The browser's back and forward go through the screens, and a deep link has a way back", async () => {
  const { id } = await ada.api.addBoard("Deep");
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  await window.go(`/boards/${id}/members`);
  await page.getByRole("heading", { name: "Members", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Back", exact: true }).click();
  await page.waitForURL(new RegExp(`/boards/${id}$`, "u"));
  await page.getByRole("button", { name: "Back", exact: true }).click();
  await page.waitForURL(/\/boards$/u);
  await page.getByRole("link", { name: "Deep", exact: true }).click();
  await page.waitForURL(new RegExp(`/boards/${id}$`, "u"));
  await page.goBack();
  await page.waitForURL(/\/boards$/u);
  await page.goForward();
  await page.waitForURL(new RegExp(`/boards/${id}$`, "u"));
  await window.close();
});

test("`/login?next=` leads back to a path of ours and nowhere else", async () => {
  const { id } = await ada.api.addBoard("Next");
  for (const [next, end] of [
    [`/boards/${id}`, `/boards/${id}`],
    ["//evil.example/boards", "/"],
  ]) {
    const window = await openApp(stage);
    await window.go(`/login?next=${encodeURIComponent(next)}`);
    const { page } = window;
    await page.getByRole("textbox", { name: "User name" }).fill("ada");
    await page
      .getByLabel("Password", { exact: true })
      .fill("correct horse battery");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${stage.servers.url}${end}`);
    await window.close();
  }
});

test("An import says what could not be carried over, and a file that is none is refused before it is sent", async () => {
  const window = await boardsOf(["Others"]);
  const { page } = window;
  await page.getByRole("button", { name: "Import", exact: true }).click();
  const choose = async (name, text) => {
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Choose a file" }).click();
    const file = { name, mimeType: "application/json" };
    await (await chooser).setFiles({ ...file, buffer: Buffer.from(text) });
  };
  await choose("words.json", "no json at all");
  await page.getByText(/This file is not JSON/u).waitFor();
  await choose("package.json", JSON.stringify({ name: "left-pad" }));
  await page
    .getByText("not the export of a board: it lacks columns.")
    .waitFor();
  await choose(
    "card.json",
    JSON.stringify({ id: "c", name: "A card", idList: "l", actions: [] }),
  );
  await page.getByText(/the export of a single card/u).waitFor();
  await choose("board.json.gz", Buffer.from([0x1f, 0x8b, 8, 0]));
  await page.getByText(/is compressed/u).waitFor();
  const faulty = {
    name: "Faulty",
    columns: [{ key: "todo", name: "To do" }],
    tasks: [{ title: "Pack", labels: ["once", "once"] }],
  };
  await choose("faulty.json", JSON.stringify(faulty));
  await page.getByText("one thing in it is not acceptable").waitFor();
  await page.getByText(/^Task 1 \(“Pack”\), Label list 2: /u).waitFor();
  assert.equal(await page.getByText("/tasks/0").count(), 0);
  const list = { id: "l", name: "Ideas", pos: 1, closed: false };
  const card = {
    id: "c",
    name: "A card",
    idList: "l",
    pos: 1,
    desc: "",
    closed: false,
    idMembers: ["somebody"],
  };
  const comment = {
    type: "commentCard",
    date: "2023-01-01T10:00:00.000Z",
    memberCreator: { id: "m", username: "emmy", fullName: "Emmy Example" },
    data: { text: "Written long ago", card: { id: "c", name: "A card" } },
  };
  const trello = {
    name: "From Trello",
    lists: [list],
    cards: [card],
    actions: [comment],
  };
  // With the byte order mark that some programs write before UTF-8.
  await choose("trello.json", `\ufeff${JSON.stringify(trello)}`);
  await page.getByText("“From Trello” is imported.").waitFor();
  await page.getByText("1 thing could not be carried over").waitFor();
  await page
    .getByText(
      "“A card” is not assigned to somebody, who is not a member of the new board.",
    )
    .waitFor();
  assert.equal(await page.getByText("/cards/0").count(), 0);
  await page.getByRole("button", { name: "Open the board" }).click();
  await window.board.isLive();
  await window.board.shows("Ideas", ["A card"]);
  await page.getByRole("link", { name: "A card", exact: true }).click();
  await page.getByText("Written long ago").waitFor();
  await page.getByText("Emmy Example", { exact: true }).waitFor();
  await page.getByText(/years ago · imported by /u).waitFor();
  await window.close();
});
