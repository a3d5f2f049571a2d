/** Printing: a whole board, task or list, however much of it the window shows. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { useStage } from "../harness/stage.mjs";

const stage = useStage({ full: true, accounts: ["ada"] });
const { ada } = stage.people;

/** The number of printed pages. */
async function pages(page) {
  const pdf = await page.pdf({ format: "A4" });
  return pdf.toString("latin1").match(/\/Type\s*\/Page\b/gu)?.length ?? 0;
}

/** The printed text. */
async function onPaper(page) {
  await page.emulateMedia({ media: "print" });
  await page.locator(".printed").waitFor({ state: "attached" });
  const words = await page.evaluate(() =>
    [...document.body.children]
      .filter((part) => getComputedStyle(part).display !== "none")
      .map((part) => part.innerText)
      .join("\n"),
  );
  await page.emulateMedia({ media: "screen" });
  return words.split("\n");
}

test("a board prints every card of every column, and nothing to press", async () => {
  const board = await ada.api.addBoard("Launch");
  const titles = Array.from({ length: 60 }, (_, count) => `Card ${count + 1}`);
  for (const title of titles) await ada.api.addTask(board.id, { title });
  await ada.api.addTask(board.id, { title: "Done", status: "finished" });
  const app = await openApp(stage, { account: ada });
  await app.go(`/boards/${board.id}`);
  await app.board.isLive();
  assert.ok((await pages(app.page)) >= 2);
  const lines = await onPaper(app.page);
  for (const title of [...titles, "Done", "Launch"]) {
    assert.ok(lines.includes(title), `${title} is printed`);
  }
  assert.ok(!lines.some((line) => /^(Filters|Add task)/u.test(line)));
  await app.board.card("Card 1").waitFor();
  await app.page.locator(".printed").waitFor({ state: "detached" });
  assert.deepEqual(app.faults(), []);
  await app.close();
});

test("a board that is filtered says on paper what by, and how many cards of all are there", async () => {
  const board = await ada.api.addBoard("Filtered");
  for (const title of ["One", "Two", "Three"]) {
    await ada.api.addTask(board.id, { title, labels: [title] });
  }
  const app = await openApp(stage, { account: ada });
  await app.go(`/boards/${board.id}?q=o&label=Two`);
  await app.board.isLive();
  const lines = await onPaper(app.page);
  assert.ok(lines.includes("1 of 3 tasks · Search: o · Label: Two"));
  assert.ok(lines.includes("To do (1 of 3)"));
  assert.ok(lines.includes("Two") && !lines.includes("Three"));
  await app.close();
});

test("a task prints whole, with its comments", async () => {
  const board = await ada.api.addBoard("Launch");
  const description = Array.from(
    { length: 120 },
    (_, count) => `Line ${count + 1}`,
  ).join("\n\n");
  const task = await ada.api.addTask(board.id, { title: "Long", description });
  await ada.api.addComment(board.id, task.id, "Well said");
  const app = await openApp(stage, { account: ada });
  await app.go(`/boards/${board.id}/tasks/${task.id}`);
  await app.page.getByText("Well said").waitFor();
  assert.ok((await pages(app.page)) >= 3);
  const lines = await onPaper(app.page);
  for (const line of ["Long", "Line 1", "Line 120", "Well said"]) {
    assert.ok(lines.includes(line), `${line} is printed`);
  }
  assert.ok(!lines.some((line) => /^Show all/u.test(line)));
  await app.close();
});

test("an imported comment has its author on paper, too", async () => {
  const said = {
    body: "Hello",
    author: "Grace of old",
    created_at: "2020-01-02T03:04:05Z",
  };
  const tasks = [{ title: "Moved in", comments: [said] }];
  const { id } = await ada.api.importBoard({ name: "Imported", tasks });
  const app = await openApp(stage, { account: ada });
  await app.go(`/boards/${id}/tasks/1`);
  await app.page.getByText("Hello").waitFor();
  const lines = await onPaper(app.page);
  const line = lines.find((each) => each.startsWith("Grace of old · "));
  assert.match(line ?? lines.join("\n"), / · imported by ada$/u);
  await app.close();
});

test("a list prints all that is in it", async () => {
  const grace = await stage.accounts.register("grace");
  for (let count = 0; count < 30; count += 1) {
    await grace.api.addBoard(`Board ${count}`);
  }
  const app = await openApp(stage, { account: grace });
  await app.go("/boards");
  await app.page.getByText("Board 29", { exact: true }).first().waitFor();
  await eventually(
    "it continues on further pages",
    async () => (await pages(app.page)) >= 2,
  );
  await app.close();
});
