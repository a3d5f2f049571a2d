import assert from "node:assert/strict";
import { test } from "node:test";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { useStage } from "../harness/stage.mjs";

const stage = useStage({ full: true, accounts: ["ada"] });
const { ada } = stage.people;

/** Waits until the control with this name has the focus. */
const holds = (page, name) => {
  let seen = "";
  return eventually(`the keyboard is at "${name}"`, async () => {
    seen = await page.evaluate(() => {
      const held = document.activeElement;
      const label = held?.labels?.[0]?.textContent;
      return held?.getAttribute("aria-label") ?? label ?? held?.textContent;
    });
    return seen === name;
  }).catch((error) => {
    throw new Error(`${error.message}, but at "${seen.slice(0, 80)}"`);
  });
};

/** Opens an editor with the keyboard. */
async function opens(page, name) {
  await page.getByRole("button", { name, exact: true }).focus();
  await page.keyboard.press("Enter");
}

test("WCAG 2.4.3: after saving or leaving an editor in a task the keyboard is back at the control that opened it", async () => {
  const board = await ada.api.addBoard("Editing");
  const { id } = await ada.api.addTask(board.id, {
    title: "Focus",
    description: "Text",
    fields: { estimate: 3 },
  });
  await ada.api.addComment(board.id, id, "Said");
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  await window.go(`/boards/${board.id}/tasks/${id}`);
  await page.getByText("Said", { exact: true }).waitFor();
  for (const [button, field, keys] of [
    ["Edit title", "Title", ["Escape", "Enter"]],
    ["Edit description", "Description", ["Escape", "Control+Enter"]],
    ["Value of estimate", "Value of estimate", ["Escape", "Enter"]],
  ]) {
    for (const key of keys) {
      await opens(page, button);
      await page.getByRole("textbox", { name: field, exact: true }).waitFor();
      await page.keyboard.type("4");
      await page.keyboard.press(key);
      await holds(page, button);
    }
  }
  const menu = "Actions for the comment by ada";
  for (const key of ["Escape", "Control+Enter"]) {
    await opens(page, menu);
    await page.getByRole("menuitem", { name: "Edit comment" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: "Edit comment" }).waitFor();
    await page.keyboard.type(" so");
    await page.keyboard.press(key);
    await holds(page, menu);
  }
  await page.getByLabel("Due date").fill("2026-12-24");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Remove due date" }).waitFor();
  await holds(page, "Due date");
  assert.equal(await page.getByRole("dialog").count(), 1);
  assert.deepEqual(window.faults(), []);
  await window.close();
});

test("WCAG 2.4.3: where a control went with what it removed, the keyboard is nearby", async () => {
  const board = await ada.api.addBoard("Editing");
  const { id } = await ada.api.addTask(board.id, {
    title: "Gone",
    labels: ["red"],
    due_at: "2026-12-24T12:00:00Z",
    fields: { estimate: 3 },
  });
  await ada.api.addComment(board.id, id, "Said");
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  await window.go(`/boards/${board.id}/tasks/${id}`);
  await page.getByText("Said", { exact: true }).waitFor();
  for (const [button, place] of [
    ["Remove red", "Labels"],
    ["Remove field estimate", "More fields"],
    ["Remove due date", "Due date"],
  ]) {
    await opens(page, button);
    await page
      .getByRole("button", { name: button })
      .waitFor({ state: "detached" });
    await holds(page, place);
  }
  await opens(page, "Actions for the comment by ada");
  await page.getByRole("menuitem", { name: "Delete comment" }).click();
  await page.getByText("Said", { exact: true }).waitFor({ state: "detached" });
  await holds(page, "Comments");
  await window.close();
});

test("WCAG 2.4.3: after naming a board or adding a card the keyboard is back where it was", async () => {
  const board = await ada.api.addBoard("Editing");
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  await window.go(`/boards/${board.id}`);
  await window.board.isLive();
  for (const [key, keyOfLines] of [
    ["Escape", "Escape"],
    ["Enter", "Control+Enter"],
  ]) {
    await opens(page, "Rename board");
    await page.getByRole("textbox", { name: "Board name" }).waitFor();
    await page.keyboard.press(key);
    await holds(page, "Rename board");
    await opens(page, "Board menu");
    await page.getByRole("menuitem", { name: "Add a description" }).click();
    await page.getByRole("textbox", { name: "Board description" }).waitFor();
    await page.keyboard.press(keyOfLines);
    await holds(page, "Board menu");
  }
  // Tab moves to the next control, and the focus stays there.
  await opens(page, "Rename board");
  await page.getByRole("textbox", { name: "Board name" }).waitFor();
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "Rename board" }).waitFor();
  await holds(page, "Search tasks");
  await opens(page, "Add task to To do");
  await page.getByRole("textbox", { name: "Title of the new task" }).waitFor();
  await page.keyboard.press("Escape");
  await holds(page, "Add task to To do");
  await window.close();
});

test("A card that is added or changed while the filter hides it is announced, with a way to see it", async () => {
  const filtered = await ada.api.addBoard("Filtered");
  await ada.api.addTask(filtered.id, { title: "Apples" });
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  const search = page.getByRole("textbox", { name: "Search tasks" });
  const clear = page
    .getByRole("region", { name: "Notifications" })
    .getByRole("button", { name: "Clear filters" });
  await window.go(`/boards/${filtered.id}`);
  await window.board.isLive();
  await search.fill("apples");
  await page.getByText("1 of 1 task", { exact: true }).waitFor();
  await window.board.add("To do", "Pears");
  await page.getByText("“Pears” is added, but the filter hides it.").waitFor();
  await window.board.shows("To do", ["Apples"]);
  await clear.click();
  await window.board.shows("To do", ["Apples", "Pears"]);
  await holds(page, "Pears");

  await search.fill("apples");
  await window.board.shows("To do", ["Apples"]);
  await window.board.card("Apples").click();
  await opens(page, "Edit title");
  await page.getByRole("textbox", { name: "Title" }).fill("Plums");
  await page.keyboard.press("Enter");
  await holds(page, "Edit title");
  await page.getByRole("button", { name: "Close task" }).click();
  await page.getByText("The filter hides “Plums” now.").waitFor();
  await clear.click();
  await window.board.shows("To do", ["Plums", "Pears"]);
  await holds(page, "Plums");

  // API-SEARCH: a part of a word, in full-width letters.
  await search.fill("ＬＵＭ");
  await window.board.shows("To do", ["Plums"]);
  await window.close();
});

/** The parts of an element's content that overflow its right edge visibly. */
const beyond = (locator) =>
  locator.evaluate((frame) => {
    const { right } = frame.getBoundingClientRect();
    return [...frame.querySelectorAll("*")]
      .filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && box.height > 0 && box.right > right + 1;
      })
      .map((element) => (element.textContent ?? "").slice(0, 40));
  });

test("WCAG 1.4.10: nothing that can be written leaves the panel or the card at 320 pixels", async () => {
  const word = "W".repeat(64);
  const url = `https://example.org/${"path/".repeat(40)}${"x".repeat(200)}`;
  const list = Array.from(
    { length: 14 },
    (_, level) => `${"  ".repeat(level)}- ${level}`,
  );
  const name = "W".repeat(32);
  const { token, api } = await stage.accounts.register(name);
  const wide = await ada.api.addBoard("W".repeat(100), { description: url });
  await ada.api.addMember(wide.id, name, "editor");
  const { id } = await ada.api.addTask(wide.id, {
    title: "W".repeat(200),
    description: [`${"> ".repeat(14)}${url}`, list.join("\n"), url, `# ${url}`]
      .concat([`\`${url}\``, `\`\`\`\n${url}\n\`\`\``])
      .concat(["| a | b | c | d | e |\n|-|-|-|-|-|\n" + `| ${url} |||| b |`])
      .join("\n\n"),
    labels: [word, "m".repeat(32)],
    assigned_to: name,
    fields: { ["W".repeat(100)]: url, nested: { deep: [url] } },
  });
  await api.addComment(wide.id, id, `${url}\n\n${"> ".repeat(14)}${url}`);
  const window = await openApp(stage, {
    account: { token },
    options: { viewport: { width: 320, height: 800 } },
  });
  const { page } = window;
  await window.go(`/boards/${wide.id}/tasks/${id}`);
  const panel = page.getByRole("dialog");
  await panel.getByRole("button", { name: "Show history" }).click();
  await panel.getByText(/ commented$/u).waitFor();
  assert.deepEqual(await beyond(panel), []);
  await page.getByRole("button", { name: "Close task" }).click();
  await window.board.isLive();
  const card = page.locator("[data-card]").first();
  assert.deepEqual(await beyond(card), []);
  const menu = await page
    .getByRole("button", { name: /^Actions for W/u })
    .boundingBox();
  const label = await card.getByText("m".repeat(32)).boundingBox();
  assert.ok(
    label.x + label.width <= menu.x,
    `the label ends at ${label.x + label.width}, the menu begins at ${menu.x}`,
  );
  await window.close();
});

test("WCAG 2.4.3: focus stays on a card that another user moves, and goes to a neighbour of a deleted one", async () => {
  const others = await ada.api.addBoard("Others");
  const ids = [];
  for (const title of ["One", "Two", "Three", "Four"]) {
    ids.push((await ada.api.addTask(others.id, { title })).id);
  }
  const [one, two, , four] = ids;
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  await window.go(`/boards/${others.id}`);
  await window.board.isLive();
  await window.board.card("Two").focus();
  await ada.api.patchTask(others.id, two, { status: "finished" });
  await window.board.shows("Finished", ["Two"]);
  await holds(page, "Two");
  await window.board.card("One").focus();
  await ada.api.deleteTask(others.id, one);
  await window.board.shows("To do", ["Three", "Four"]);
  await holds(page, "Three");
  await window.board.card("Four").focus();
  await page.keyboard.press(" ");
  await ada.api.deleteTask(others.id, four);
  await window.board.shows("To do", ["Three"]);
  await holds(page, "Three");
  // From its own panel, and by another user while its panel is open.
  await page.keyboard.press("Enter");
  await opens(page, "Actions for Three");
  await page.getByRole("menuitem", { name: "Delete task" }).click();
  await window.board.shows("To do", []);
  await holds(page, "Others");
  await window.close();
});

test("WCAG 2.4.3: after a column's only card is deleted by its menu, the keyboard is where the column takes another", async () => {
  const board = await ada.api.addBoard("Alone");
  await ada.api.addTask(board.id, { title: "Only" });
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  await window.go(`/boards/${board.id}`);
  await window.board.isLive();
  await opens(page, "Actions for Only");
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await window.board.shows("To do", []);
  await holds(page, "Add task to To do");
  await window.close();
});

test("WCAG 2.4.3: no control loses the keyboard while the server has not answered yet", async () => {
  const shared = await ada.api.addBoard("Shared");
  await stage.accounts.register("linus");
  await ada.api.addMember(shared.id, "linus", "editor");
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  await window.go(`/boards/${shared.id}/members`);
  const role = page.getByRole("combobox", { name: "Role of linus" });
  await role.focus();
  let answer;
  await page.route("**/members/linus", (route) => {
    answer = () => route.continue();
  });
  await role.selectOption("viewer");
  await eventually("the request waits", () => answer !== undefined);
  await holds(page, "Role of linus");
  await answer();
  await page.getByText("The role of linus is changed.").waitFor();
  await holds(page, "Role of linus");
  await window.close();
});

test("WCAG 4.1.3: a screen reader is told what others do on the board, and nothing of one's own", async () => {
  const shown = await ada.api.addBoard("Told");
  const grace = await stage.accounts.register("grace");
  await ada.api.addMember(shown.id, "grace", "editor");
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  await window.go(`/boards/${shown.id}`);
  await window.board.isLive();
  await page.evaluate(() => {
    globalThis.said = [];
    new MutationObserver(() => {
      for (const region of document.querySelectorAll("[aria-live=polite]")) {
        const words = region.textContent;
        if (words !== "" && globalThis.said.at(-1) !== words) {
          globalThis.said.push(words);
        }
      }
    }).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  await ada.api.addTask(shown.id, { title: "Mine" });
  await window.board.shows("To do", ["Mine"]);
  const { id } = await grace.api.addTask(shown.id, { title: "Theirs" });
  const said = (words) =>
    eventually(`"${words}" is said`, async () =>
      (await page.evaluate(() => globalThis.said)).includes(words),
    );
  await said("grace added “Theirs” to To do");
  for (const title of ["Theirs 2", "Theirs 3"]) {
    await grace.api.patchTask(shown.id, id, { title });
  }
  await said("2 changes by others");
  const all = await page.evaluate(() => globalThis.said);
  assert.deepEqual(
    all.filter((words) => words.includes("Mine")),
    [],
  );
  await window.close();
});

test("Deleting a comment shows a message, and Undo restores it", async () => {
  const board = await ada.api.addBoard("Editing");
  const { id } = await ada.api.addTask(board.id, { title: "Discussed" });
  await ada.api.addComment(board.id, id, "Worth keeping");
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  await window.go(`/boards/${board.id}/tasks/${id}`);
  const comment = page.getByText("Worth keeping", { exact: true });
  await comment.waitFor();
  await page
    .getByRole("button", { name: "Actions for the comment by ada" })
    .click();
  await page.getByRole("menuitem", { name: "Delete comment" }).click();
  await page.getByText("Comment deleted", { exact: true }).waitFor();
  await comment.waitFor({ state: "detached" });
  const all = async () => (await ada.api.comments(board.id, id)).items.length;
  await eventually("the server knows it", async () => (await all()) === 0);
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await comment.waitFor();
  assert.equal(await all(), 1);
  assert.deepEqual(window.faults(), []);
  await window.close();
});

test("A day that does not exist leaves the due date, and the field that is emptied takes it away", async () => {
  const board = await ada.api.addBoard("Editing");
  const { id } = await ada.api.addTask(board.id, {
    title: "Dated",
    due_at: "2026-12-24T12:00:00Z",
  });
  const due = async () =>
    (await ada.api.board(board.id)).tasks.find((task) => task.id === id).due_at;
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  await window.go(`/boards/${board.id}/tasks/${id}`);
  const field = page.getByLabel("Due date", { exact: true });
  await field.focus();
  await page.keyboard.type("02312026");
  assert.equal(await field.evaluate((input) => input.validity.badInput), true);
  await page.getByRole("button", { name: "Edit title" }).focus();
  await page.getByText(/^This day does not exist/u).waitFor();
  assert.notEqual(await due(), null);
  await page.getByRole("button", { name: "Remove due date" }).click();
  await eventually("it is removed", async () => (await due()) === null);
  await page
    .getByText(/^This day does not exist/u)
    .waitFor({ state: "detached" });
  assert.equal(await field.evaluate((input) => input.validity.badInput), false);
  await window.close();
});

test("API-START: a task starts with the day that is picked, not after it is due, and others see it at once", async () => {
  const board = await ada.api.addBoard("Starts");
  const { id } = await ada.api.addTask(board.id, {
    title: "Dated",
    due_at: "2026-12-24T12:00:00Z",
  });
  const start = async () =>
    (await ada.api.board(board.id)).tasks.find((task) => task.id === id)
      .start_at;
  const other = await openApp(stage, { account: ada });
  await other.go(`/boards/${board.id}`);
  await other.board.isLive();
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  await window.go(`/boards/${board.id}/tasks/${id}`);
  const field = page.getByLabel("Start date", { exact: true });
  await field.fill("2026-12-26");
  await page
    .getByText("The start must not be after the due date.", { exact: true })
    .waitFor();
  assert.equal(await start(), null);
  await field.fill("2026-12-20");
  await other.page
    .getByText(/^Start .*20/u)
    .first()
    .waitFor();
  assert.match(await start(), /^2026-12-(?:19|20)T/u);
  await page.getByRole("button", { name: "Remove start date" }).click();
  await eventually("it is removed", async () => (await start()) === null);
  assert.deepEqual([...window.faults(), ...other.faults()], []);
  await window.close();
  await other.close();
});

test("API-START: where there is little room a task gets a start by its menu, and the keyboard is in the field", async () => {
  const board = await ada.api.addBoard("Starts");
  const { id } = await ada.api.addTask(board.id, { title: "Dated" });
  const viewport = { width: 390, height: 844 };
  const window = await openApp(stage, { account: ada, options: { viewport } });
  const { page } = window;
  await window.go(`/boards/${board.id}/tasks/${id}`);
  await page.getByLabel("Due date", { exact: true }).waitFor();
  const field = page.getByLabel("Start date", { exact: true });
  assert.equal(await field.count(), 0);
  await page.getByRole("button", { name: "Actions for Dated" }).click();
  await page.getByRole("menuitem", { name: "Add start date" }).click();
  await field.waitFor();
  await eventually("the keyboard is in the field", () =>
    field.evaluate((input) => input === document.activeElement),
  );
  assert.deepEqual(window.faults(), []);
  await window.close();
});
