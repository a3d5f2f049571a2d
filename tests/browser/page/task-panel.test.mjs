/** A task's panel on a desktop, on a phone and at 400 % zoom. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { useStage } from "../harness/stage.mjs";

const stage = useStage({ full: true, accounts: ["ada", "grace"] });
const { ada, grace } = stage.people;

/** Makes grace a member of the board, with a display name. */
async function addGrace(board) {
  await ada.api.addMember(board.id, "grace", "editor");
  const answer = await fetch(`${stage.servers.url}/api/auth/me`, {
    method: "PATCH",
    headers: {
      Authorization: `Bearer ${grace.token}`,
      "Content-Type": "application/merge-patch+json",
    },
    body: JSON.stringify({ display_name: "Grace Hopper" }),
  });
  assert.equal(answer.status, 200);
}

/** A window of this size with the task in it. */
async function openTask(board, task, width, height) {
  const window = await openApp(stage, {
    account: ada,
    options: { viewport: { width, height } },
  });
  await window.go(`/boards/${board.id}/tasks/${task}`);
  const panel = window.page.getByRole("dialog");
  await panel.getByRole("heading", { name: "Description" }).waitFor();
  return { ...window, panel };
}

const topOf = async (locator) => (await locator.boundingBox()).y;

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

/** The parts of the panel's content that overflow its right edge. */
const beyond = (panel) =>
  panel.evaluate((frame) => {
    const { right } = frame.getBoundingClientRect();
    return [...frame.querySelectorAll("*")]
      .filter((element) => element.getBoundingClientRect().right > right + 1)
      .map((element) => (element.textContent ?? "").slice(0, 40));
  });

const WINDOWS = [
  ["a desk", 1280, 800],
  ["a phone", 390, 844],
  ["400 % zoom", 320, 200],
];

const LONG = Array.from(
  { length: 60 },
  (_, line) => `Line ${line} of a description that goes on.`,
).join("\n\n");

for (const [what, width, height] of WINDOWS) {
  test(`The description and the comments come first, and Save is in reach in Preview too, on ${what}`, async () => {
    const board = await ada.api.addBoard("Launch");
    const { id } = await ada.api.addTask(board.id, {
      title: "Pack the long list",
      description: LONG,
      labels: ["travel", "summer", "family"],
      due_at: "2026-12-24T12:00:00Z",
      assigned_to: "ada",
      fields: { estimate: 3 },
    });
    await ada.api.addComment(board.id, id, "Said");
    const { page, panel, close } = await openTask(board, id, width, height);
    await panel.getByText("Said", { exact: true }).waitFor();
    const heading = (name) => panel.getByRole("heading", { name, exact: true });
    const tops = await Promise.all(
      ["Description", "Comments", "More fields"].map((name) =>
        topOf(heading(name)),
      ),
    );
    assert.deepEqual(
      tops,
      tops.toSorted((a, b) => a - b),
    );
    if (height > 400) {
      assert.ok(
        tops[1] < height,
        `the comments begin at ${tops[1]}, the window ends at ${height}`,
      );
    }
    assert.deepEqual(await beyond(panel), []);
    await panel.getByRole("button", { name: "Edit description" }).click();
    const save = panel.getByRole("button", { name: "Save", exact: true });
    await panel
      .getByRole("textbox", { name: "Description" })
      .fill(`${LONG}\n\nThe end.`);
    await panel.getByRole("radio", { name: "Preview" }).click();
    await panel.getByText("The end.", { exact: true }).waitFor();
    await eventually(
      "Save is in the window",
      async () => (await seen(save)) > 0.9,
      3_000,
    );
    await page.keyboard.press("Control+Enter");
    await save.waitFor({ state: "detached" });
    await eventually("it is saved", async () => {
      const { tasks } = await ada.api.board(board.id);
      return tasks
        .find((task) => task.id === id)
        .description.endsWith("The end.");
    });
    // The last section is collapsed, and can be opened.
    await panel.getByRole("button", { name: "Show all" }).click();
    assert.equal(await heading("Comments").isVisible(), true);

    await panel.getByRole("button", { name: "Show history" }).click();
    const words = panel.getByText(/^ada (?:added|commented|rewrote)/u);
    await eventually(
      "the history is shown",
      async () => (await words.count()) === 3,
    );
    assert.deepEqual(await words.allInnerTexts(), [
      "ada rewrote the description",
      "ada commented",
      "ada added this to To do",
    ]);
    await close();
  });
}

/** The server's description. */
const described = async (board, id) =>
  (await ada.api.board(board.id)).tasks.find((task) => task.id === id)
    .description;

test("A text that is opened is written on at its end", async () => {
  const board = await ada.api.addBoard("Launch");
  const { id } = await ada.api.addTask(board.id, {
    title: "Written on",
    description: "one\ntwo",
  });
  const { page, panel, close } = await openTask(board, id, 1280, 800);
  await panel.getByRole("button", { name: "Edit description" }).click();
  const field = panel.getByRole("textbox", { name: "Description" });
  await field.waitFor();
  await page.keyboard.type(" three");
  assert.equal(await field.inputValue(), "one\ntwo three");
  await close();
});

test("A box of a task list ticks by mouse and keyboard, overwrites nothing that others wrote meanwhile, and counts on the card", async () => {
  const board = await ada.api.addBoard("Launch");
  const { id } = await ada.api.addTask(board.id, {
    title: "Steps",
    description: "- [ ] one\n- [ ] two\n- [ ] three",
  });
  const { context, page, panel, close } = await openTask(board, id, 1280, 800);
  await panel.getByRole("checkbox", { name: "one" }).check();
  await eventually("it is ticked", async () =>
    (await described(board, id)).startsWith("- [x] one"),
  );
  await context.setOffline(true);
  await panel.getByRole("checkbox", { name: "two" }).focus();
  await page.keyboard.press("Space");
  await ada.api.patchTask(board.id, id, {
    description: "Read first\n\n- [x] one\n- [ ] two\n- [x] three\n- [ ] four",
  });
  await context.setOffline(false);
  await eventually(
    "both changes are kept",
    async () =>
      (await described(board, id)) ===
      "Read first\n\n- [x] one\n- [x] two\n- [x] three\n- [ ] four",
  );
  await panel.getByRole("button", { name: "Close task" }).click();
  await page
    .locator(`[data-card="${id}"]`)
    .getByText("3/4", { exact: true })
    .waitFor();
  await close();
});

test("Who changed what oneself changed offline is named, and both texts can be combined", async () => {
  const board = await ada.api.addBoard("Launch");
  await addGrace(board);
  const { id } = await ada.api.addTask(board.id, {
    title: "Both",
    description: "one\ntwo",
  });
  const { context, page, panel, close } = await openTask(board, id, 1280, 800);
  await context.setOffline(true);
  await panel.getByRole("button", { name: "Edit description" }).click();
  await panel.getByRole("textbox", { name: "Description" }).fill("ONE\ntwo");
  await page.keyboard.press("Control+Enter");
  await grace.api.patchTask(board.id, id, { description: "one\ntwo\nthree" });
  await context.setOffline(false);
  await panel.getByRole("button", { name: "Close task" }).click();
  await page.getByRole("button", { name: "Look at them" }).first().click();
  const block = page.getByRole("dialog").getByRole("group");
  await block
    .getByRole("heading", { name: "Grace Hopper changed “Both” meanwhile" })
    .waitFor();
  assert.equal(await block.count(), 1);
  await block.getByRole("radio", { name: "Combine" }).click();
  await block.getByRole("button", { name: "Apply" }).click();
  await eventually(
    "it is combined",
    async () => (await described(board, id)) === "ONE\ntwo\nthree",
  );
  await close();
});

test("A custom field may have any name", async () => {
  const board = await ada.api.addBoard("Fields");
  await ada.api.addTask(board.id, { title: "House" });
  const window = await openApp(stage, { account: ada });
  await window.go(`/boards/${board.id}/tasks/1`);
  const panel = window.page.getByRole("dialog");
  for (const name of ["constructor", "__proto__"]) {
    await panel.getByRole("textbox", { name: "Field name" }).fill(name);
    await panel
      .getByRole("textbox", { name: "Value", exact: true })
      .fill("Grace");
    await panel.getByRole("button", { name: "Add field" }).click();
    await panel.getByRole("button", { name: `Value of ${name}` }).waitFor();
    await eventually("the server has it", async () =>
      Object.hasOwn((await ada.api.board(board.id)).tasks[0].fields, name),
    );
  }
  await window.close();
});

test("The board's labels are suggested while one is typed, by the keyboard alone", async () => {
  const board = await ada.api.addBoard("Launch");
  await ada.api.addTask(board.id, { title: "Labelled", labels: ["urgent"] });
  const { id } = await ada.api.addTask(board.id, { title: "Bare" });
  const { page, panel, close } = await openTask(board, id, 390, 844);
  const field = panel.getByRole("combobox", { name: "New label" });
  await field.pressSequentially("UR");
  const option = panel.getByRole("option", { name: "urgent" });
  await option.waitFor();
  await page.keyboard.press("ArrowDown");
  assert.equal(await option.getAttribute("aria-selected"), "true");
  assert.equal(
    await field.getAttribute("aria-activedescendant"),
    await option.getAttribute("id"),
  );
  await page.keyboard.press("Escape");
  await option.waitFor({ state: "detached" });
  assert.equal(await panel.isVisible(), true);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await panel.getByRole("button", { name: "Remove urgent" }).waitFor();
  assert.equal(await field.inputValue(), "");
  await field.fill("new");
  await panel.getByRole("option", { name: "Add “new”" }).click();
  await panel.getByRole("button", { name: "Remove new" }).waitFor();
  await eventually("the server has them", async () => {
    const { tasks } = await ada.api.board(board.id);
    const { labels } = tasks.find((task) => task.id === id);
    return labels.join() === "urgent,new";
  });
  await close();
});

test("Members are shown by their display names, each with one avatar everywhere", async () => {
  const board = await ada.api.addBoard("Launch");
  await addGrace(board);
  const { id } = await ada.api.addTask(board.id, {
    title: "Given",
    assigned_to: "grace",
  });
  await grace.api.addComment(board.id, id, "Hello");
  const { page, panel, go, close } = await openTask(board, id, 1280, 800);
  await panel.getByText("Grace Hopper", { exact: true }).first().waitFor();
  const assignee = panel.getByRole("combobox", { name: "Assignee" });
  assert.equal(
    await assignee.evaluate((select) => select.selectedOptions[0].text),
    "Grace Hopper",
  );
  const looks = (place) =>
    place
      .locator("div", { hasText: /^GH$/u })
      .last()
      .evaluate((avatar) => {
        const circle = avatar.closest("[style*='background-color']") ?? avatar;
        return getComputedStyle(circle).backgroundColor;
      });
  const inComment = await looks(panel);
  await panel.getByRole("button", { name: "Close task" }).click();
  const onCard = await looks(page.locator(`[data-card="${id}"]`));
  await go(`/boards/${board.id}/members`);
  await page.getByRole("heading", { name: "Grace Hopper" }).waitFor();
  assert.deepEqual(
    [inComment, onCard, await looks(page.getByRole("list").first())],
    [inComment, inComment, inComment],
  );
  await close();
});
