import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD } from "../harness/api.mjs";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { useStage } from "../harness/stage.mjs";

const stage = useStage({ full: true, accounts: ["ada", "grace"] });
const { ada, grace } = stage.people;

/** Ada's board with one task, which grace may edit as well. */
async function newBoard() {
  const board = await ada.api.addBoard("Writing");
  await ada.api.addMember(board.id, "grace", "editor");
  await ada.api.addTask(board.id, {
    title: "Essay",
    description: "First words",
  });
  return board;
}

test("A draft of a description survives an incoming change, leaving the field, a reload and a reconnect, and is saved in the end", async () => {
  const board = await newBoard();
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  await window.go(`/boards/${board.id}/tasks/1`);
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: /Edit description/iu }).click();
  const field = () => dialog.getByRole("textbox", { name: "Description" });
  await field().fill("First words, and many more");
  await grace.api.patchTask(board.id, 1, { title: "Essay, second version" });
  await dialog.getByText("Essay, second version").first().waitFor();
  assert.equal(await field().inputValue(), "First words, and many more");
  await dialog.getByRole("textbox", { name: "Write a comment" }).focus();
  assert.equal(await field().inputValue(), "First words, and many more");
  await page.reload();
  await eventually(
    "the draft is restored",
    async () => (await field().inputValue()) === "First words, and many more",
  );
  await window.context.setOffline(true);
  await window.context.setOffline(false);
  assert.equal(await field().inputValue(), "First words, and many more");
  await dialog
    .getByRole("button", { name: "Save", exact: true })
    .first()
    .click();
  await eventually(
    "it is saved",
    async () =>
      (await ada.api.board(board.id)).tasks[0].description ===
      "First words, and many more",
  );
  await window.close();
});

test("A column's limit that was typed survives Escape and a reload, until it is cancelled", async () => {
  const board = await newBoard();
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  const place = `/boards/${board.id}`;
  await window.go(place);
  const open = async () => {
    await page
      .getByRole("button", { name: "Actions for the column To do" })
      .click();
    await page.getByRole("menuitem", { name: "Set a limit…" }).click();
    return page.getByRole("dialog").getByRole("textbox", { name: "Limit" });
  };
  await (await open()).fill("4");
  await page.keyboard.press("Escape");
  assert.equal(await (await open()).inputValue(), "4");
  // Typed text is stored after a moment, and at the latest when the page is left.
  await page.reload();
  assert.equal(await (await open()).inputValue(), "4");
  await page
    .getByRole("dialog")
    .getByText(/not saved yet/u)
    .waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  assert.equal(await (await open()).inputValue(), "");
  await window.close();
});

test("Two tabs that write into the same field keep what each wrote over reloads, and saving one takes nothing from the other", async () => {
  const board = await newBoard();
  const window = await openApp(stage, { account: ada });
  const place = `/boards/${board.id}/tasks/1`;
  await window.go(place);
  const tabs = [window.page, await window.context.newPage()];
  await tabs[1].goto(tabs[0].url());
  const field = (page) =>
    page.getByRole("dialog").getByRole("textbox", { name: "Description" });
  const holds = (page, text) =>
    eventually(
      `the field holds ${text}`,
      async () => (await field(page).inputValue()) === text,
    );
  for (const [index, page] of tabs.entries()) {
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /Edit description/iu })
      .click();
    await field(page).fill(`Tab ${index}`);
  }
  for (const [index, page] of tabs.entries()) {
    await page.reload();
    await holds(page, `Tab ${index}`);
  }
  await tabs[0]
    .getByRole("dialog")
    .getByRole("button", { name: "Save", exact: true })
    .first()
    .click();
  await field(tabs[0]).waitFor({ state: "detached" });
  await tabs[1].reload();
  await holds(tabs[1], "Tab 1");
  // The other tab is gone: its draft is not lost.
  await tabs[1].close();
  await tabs[0].clock.install();
  await tabs[0].reload();
  // It might have been reloading: it gets time to return.
  await tabs[0].clock.fastForward(10_000);
  await holds(tabs[0], "Tab 1");
  await window.close();
});

test("A tab that is slow to reload finds what it wrote, though another tab opens meanwhile", async () => {
  const board = await newBoard();
  const task = await ada.api.addTask(board.id, { title: "Reloaded" });
  const place = `/boards/${board.id}/tasks/${task.id}`;
  const window = await openApp(stage, { account: ada });
  const { page, context } = window;
  await window.go(place);
  const field = (at) => at.getByRole("textbox", { name: "Write a comment" });
  await field(page).fill("Half a thought");
  const address = page.url();
  // Leaves the page and goes back, like a slow reload.
  await page.goto("about:blank");
  const other = await context.newPage();
  await other.goto(address);
  await field(other).waitFor();
  await other.waitForFunction(
    () => sessionStorage.getItem("taskboard/tab") !== null,
  );
  await page.goBack();
  await eventually(
    "the written text is there",
    async () => (await field(page).inputValue()) === "Half a thought",
  );
  assert.equal(await field(other).inputValue(), "");
  await window.close();
});

test("Typing on after a column is deleted is no shortcut, and what was typed is reported and kept", async () => {
  const going = await ada.api.addBoard("Going");
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  await window.go(`/boards/${going.id}`);
  await window.board.isLive();
  const column = window.board.column("Finished");
  await column.getByRole("button", { name: /^Add task/u }).click();
  await page.keyboard.type("Words");
  const columns = going.columns.filter(({ key }) => key !== "finished");
  await ada.api.patchBoard(going.id, { columns });
  await page.getByRole("alert").getByText("What you were writing").waitFor();
  // "n" would begin a new task, which the rest and Enter would add.
  await page.keyboard.type(" Never lost");
  for (const key of ["Backspace", "Shift", "n", "o", "w", "Enter"]) {
    await page.keyboard.press(key);
  }
  await page.getByText("Words", { exact: true }).waitFor();
  assert.equal(
    await page.getByRole("textbox", { name: /new task/iu }).count(),
    0,
  );
  assert.deepEqual((await ada.api.board(going.id)).tasks, []);
  // After another action the user has the shortcuts again.
  await page.keyboard.press("Escape");
  await page.keyboard.press("n");
  await page.getByRole("textbox", { name: /new task/iu }).waitFor();
  await window.close();
});

test("Escape at a due date that is half typed says so before it closes the task", async () => {
  const board = await newBoard();
  const task = await ada.api.addTask(board.id, { title: "Half" });
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  await window.go(`/boards/${board.id}/tasks/${task.id}`);
  await page.getByLabel("Due date", { exact: true }).focus();
  await page.keyboard.type("12");
  await page.keyboard.press("Escape");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("alert").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await window.close();
});

test("A typed due date is saved once, and is not mixed with one that another user sets", async () => {
  const board = await newBoard();
  const task = await ada.api.addTask(board.id, {
    title: "Typed day",
    due_at: "2026-12-10T12:00:00Z",
  });
  const dueOf = async () => {
    const { tasks } = await ada.api.board(board.id);
    return tasks.find(({ id }) => id === task.id).due_at?.slice(0, 8);
  };
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  await window.go(`/boards/${board.id}/tasks/${task.id}`);
  const field = page.getByLabel("Due date", { exact: true });
  const sent = [];
  page.on("request", (request) => {
    if (request.method() === "PATCH") sent.push(request.postData());
  });
  await field.focus();
  await page.keyboard.type("01152027");
  await page.keyboard.press("Enter");
  await eventually("it is saved", async () => (await dueOf()) === "2027-01-");
  assert.equal(sent.length, 1);
  await page.getByRole("button", { name: "Remove due date" }).click();
  await eventually("it is gone", async () => (await dueOf()) === undefined);
  await field.focus();
  await page.keyboard.type("1224");
  await ada.api.patchTask(board.id, task.id, {
    due_at: "2027-06-05T12:00:00Z",
  });
  await page.getByRole("button", { name: "Remove due date" }).waitFor();
  assert.equal(await field.inputValue(), "");
  await page.keyboard.type("2026");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Take theirs" }).waitFor();
  assert.equal(await dueOf(), "2027-06-");
  await page.getByRole("button", { name: "Keep mine" }).click();
  await eventually("mine is saved", async () => (await dueOf()) === "2026-12-");
  await window.close();
});

test("A due date is saved when it is picked: leaving by Escape, by Back or by a reload loses nothing", async () => {
  const board = await newBoard();
  const task = await ada.api.addTask(board.id, { title: "Due" });
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  await window.go(`/boards/${board.id}`);
  await window.board.isLive();
  const leaves = {
    "2027-03-04": () => page.keyboard.press("Escape"),
    "2028-05-06": () => page.goBack(),
    "2029-07-08": () => page.reload(),
  };
  for (const [day, leave] of Object.entries(leaves)) {
    await window.board.card("Due").click();
    await page.getByLabel("Due date", { exact: true }).fill(day);
    await leave();
    await eventually(`${day} is saved`, async () => {
      const { tasks } = await ada.api.board(board.id);
      const { due_at: due } = tasks.find(({ id }) => id === task.id);
      return due?.startsWith(day.slice(0, 8));
    });
  }
  await window.close();
});

test("A description is saved from its preview; one that Escape left is marked on its card", async () => {
  const board = await newBoard();
  const task = await ada.api.addTask(board.id, { title: "Marked" });
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  await window.go(`/boards/${board.id}`);
  await window.board.card("Marked").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Add a description" }).click();
  const field = dialog.getByRole("textbox", { name: "Description" });
  await field.fill("Some **words**");
  await field.press("Escape");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  const mark = () =>
    window.board
      .card("Marked")
      .evaluate(
        (card) =>
          document.getElementById(card.getAttribute("aria-describedby"))
            ?.textContent,
      );
  assert.equal(await mark(), "Unsaved draft");
  assert.ok(
    await window.board.card("Marked").locator("svg").first().isVisible(),
  );
  await window.board.card("Marked").click();
  await dialog.getByRole("radio", { name: "Preview" }).click();
  await dialog.getByText("words", { exact: true }).waitFor();
  await dialog.getByRole("button", { name: "Discard draft" }).waitFor();
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await eventually("it is saved", async () => {
    const { tasks } = await ada.api.board(board.id);
    return (
      tasks.find(({ id }) => id === task.id).description === "Some **words**"
    );
  });
  await page.keyboard.press("Escape");
  await eventually(
    "the mark is gone",
    async () => (await mark()) === "Has a description",
  );
  await window.close();
});

test("The Enter that ends a word of an input method adds no card, not even with Safari's events", async () => {
  const board = await newBoard();
  const window = await openApp(stage, { account: ada });
  const { page, context } = window;
  await window.go(`/boards/${board.id}`);
  await window.board.isLive();
  await window.board
    .column("To do")
    .getByRole("button", { name: /^Add task/u })
    .click();
  const field = page.getByRole("textbox", { name: "Title of the new task" });
  await field.fill("にほ");
  const before = await window.board.titles("To do");
  const keyboard = await context.newCDPSession(page);
  // `isComposing` is false by then, and only the key code shows that the input method handles the
  // key.
  for (const type of ["rawKeyDown", "keyUp"]) {
    await keyboard.send("Input.dispatchKeyEvent", {
      type,
      key: "Enter",
      code: "Enter",
      windowsVirtualKeyCode: 229,
    });
  }
  assert.equal(await field.inputValue(), "にほ");
  assert.deepEqual(await window.board.titles("To do"), before);
  await field.press("Enter");
  await window.board.shows("To do", [...before, "にほ"]);
  await window.close();
});

test("What is pasted from a sheet or a word processor is taken, whatever breaks its lines there", async () => {
  const window = await openApp(stage, {
    account: ada,
    options: { permissions: ["clipboard-read", "clipboard-write"] },
  });
  const { page } = window;
  const pasted = await ada.api.addBoard("Pasted");
  await window.go(`/boards/${pasted.id}`);
  await window.board.isLive();
  const paste = async (field, text) => {
    await field.focus();
    await page.evaluate((words) => navigator.clipboard.writeText(words), text);
    await page.keyboard.press("ControlOrMeta+v");
  };
  await window.board
    .column("To do")
    .getByRole("button", { name: /^Add task/u })
    .click();
  const title = page.getByRole("textbox", { name: "Title of the new task" });
  await paste(title, "Socks\t4\u000bpairs");
  await title.press("Enter");
  await window.board.shows("To do", ["Socks 4 pairs"]);
  await window.board.card("Socks 4 pairs").click();
  const comment = page.getByRole("textbox", { name: "Write a comment" });
  await paste(comment, "One\u000btwo\u0007\tthree");
  await comment.press("Control+Enter");
  await eventually("the server has both", async () => {
    const { tasks } = await ada.api.board(pasted.id);
    const { items } = await ada.api.comments(pasted.id, tasks[0].id);
    return items[0].body === "One\ntwo\tthree";
  });
  await window.close();
});

test("A comment is written with the keyboard, arrives in the other window, and who edits what is seen there", async () => {
  const board = await newBoard();
  const [one, two] = [
    await openApp(stage, { account: ada }),
    await openApp(stage, { account: grace }),
  ];
  await one.go(`/boards/${board.id}/tasks/1`);
  await two.go(`/boards/${board.id}/tasks/1`);
  await two.page
    .getByText(/ada .*(this|here)/iu)
    .first()
    .waitFor();
  const field = one.page.getByRole("textbox", { name: "Write a comment" });
  await field.fill("Looks good.");
  await field.press("Control+Enter");
  await two.page.getByRole("dialog").getByText("Looks good.").waitFor();
  await eventually(
    "the server has it",
    async () => (await ada.api.comments(board.id, 1)).items.length === 1,
  );
  await Promise.all([one.close(), two.close()]);
});

test("LIMIT-MARKDOWN: a comment out of sight is formatted once it is scrolled to", async () => {
  const board = await newBoard();
  const task = await ada.api.addTask(board.id, { title: "Much discussed" });
  for (let nth = 1; nth <= 30; nth += 1) {
    await ada.api.addComment(board.id, task.id, `Remark ${nth} is **bold**.`);
  }
  const window = await openApp(stage, { account: ada });
  await window.go(`/boards/${board.id}/tasks/${task.id}`);
  const written = window.page.getByText("is **bold**", { exact: false });
  const panel = window.page.getByRole("dialog");
  await panel.getByText(/^Remark 30/u).waitFor();
  assert.ok(
    (await written.count()) > 0,
    "all were formatted while out of sight",
  );
  await panel.getByText(/^Remark 30/u).scrollIntoViewIfNeeded();
  await panel.getByText("Remark 30 is bold.").waitFor();
  await window.close();
});

test("What is typed while the name before is on its way to the server stays", async () => {
  const board = await newBoard();
  await stage.accounts.register("linus");
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  const held = [];
  await page.route("**/api/boards/*/members/*", (route) => {
    held.push(route);
  });
  await window.go(`/boards/${board.id}/members`);
  const field = page.getByRole("textbox", { name: "User name" });
  await field.fill("linus");
  await field.press("Enter");
  await eventually("it is on its way", () => held.length === 1);
  await field.fill("somebody else");
  await held[0].continue();
  await page.getByText("linus is a member now.").waitFor();
  assert.equal(await field.inputValue(), "somebody else");
  await window.close();
});

test("A device without room says that what is typed is not kept", async () => {
  const board = await newBoard();
  const { id } = await ada.api.addTask(board.id, { title: "No room" });
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  await window.go(`/boards/${board.id}/tasks/${id}`);
  const panel = page.getByRole("dialog");
  await panel.getByRole("button", { name: "Add a description" }).click();
  const field = panel.getByRole("textbox", { name: "Description" });
  await field.fill("Kept");
  const kept = panel.getByText("Your draft is kept on this device.");
  await kept.waitFor();
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await field.fill("Not kept");
  const alert = panel
    .getByRole("alert")
    .filter({ hasText: "what you are writing would be lost" });
  await alert.waitFor();
  assert.equal(await kept.count(), 0);
  await panel.getByRole("button", { name: "Save", exact: true }).click();
  await alert.waitFor({ state: "detached" });
  await eventually(
    "it is still saved",
    async () =>
      (await ada.api.board(board.id)).tasks.find((task) => task.id === id)
        .description === "Not kept",
  );
  await window.close();
});

test("A browser that forbids storage says that what is typed and what waits is not kept, and works anyway", async () => {
  const board = await newBoard();
  const { id } = await ada.api.addTask(board.id, { title: "Forbidden" });
  const window = await openApp(stage, { account: ada });
  const { page, context } = window;
  await context.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("forbidden", "SecurityError");
      },
    });
  });
  await window.go(`/boards/${board.id}/tasks/${id}`);
  const panel = page.getByRole("dialog");
  const field = panel.getByRole("textbox", { name: "Write a comment" });
  const shown = (words) =>
    panel.getByRole("alert").filter({ hasText: words }).waitFor();
  await field.fill("Seen");
  await shown("what you are writing would be lost");
  await context.setOffline(true);
  await field.press("Control+Enter");
  await shown("changes that are not sent yet would be lost");
  await context.setOffline(false);
  await eventually(
    "it is still sent",
    async () => {
      const { items } = await ada.api.comments(board.id, id);
      return items.some(({ body }) => body === "Seen");
    },
    30_000,
  );
  await window.close();
});

test("A deep link without a login leads to the login and back to the task", async () => {
  const board = await newBoard();
  const window = await openApp(stage);
  await window.go(`/boards/${board.id}/tasks/1`);
  await window.page.waitForURL(/\/login\?next=/u);
  await window.page.getByRole("textbox", { name: "User name" }).fill("ada");
  await window.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await window.page
    .getByRole("main")
    .getByRole("button", { name: "Log in", exact: true })
    .click();
  await window.page
    .getByRole("dialog")
    .getByText(/^Essay/u)
    .first()
    .waitFor();
  assert.match(
    window.page.url(),
    new RegExp(`/boards/${board.id}/tasks/1$`, "u"),
  );
  await window.close();
});
