/** Admins see others' changes live and manage users; members see how their work flows. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { useStage } from "../harness/stage.mjs";

/** Others' changes must be visible within this time, in milliseconds. */
const AT_ONCE = 1_000;
/** One of this many actions must meet it: a loaded machine may delay some of them, but not all. */
const TRIES = 5;
const PHONE = { viewport: { width: 390, height: 844 } };

const stage = useStage({ full: true, accounts: ["ada"], admins: ["root"] });
const { ada, root } = stage.people;

/** A window of the admin's. */
async function admin(path, options = {}) {
  const app = await openApp(stage, { account: root, options });
  await app.go(path);
  return app;
}

const entry = ({ page }, words) =>
  page.getByRole("listitem").filter({ hasText: words });

/** Waits until the activity is live. */
async function isLive({ page }) {
  await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
}

describe("activity", () => {
  test("RT-ACTIVITY: another user's action is seen in the admin's window within a second", async () => {
    const { id } = await ada.api.addBoard("Launch");
    const app = await admin("/admin");
    await isLive(app);
    const took = [];
    for (let count = 1; count <= TRIES; count += 1) {
      await ada.api.addTask(id, { title: `Step ${count}` });
      const answered = performance.now();
      await entry(app, `ada added “Step ${count}”`).waitFor();
      took.push(Math.round(performance.now() - answered));
      if (took.at(-1) < AT_ONCE) break;
    }
    assert.ok(Math.min(...took) < AT_ONCE, `it took ${took} ms`);
    assert.deepEqual(app.faults(), []);
    await app.close();
  });

  test("while it is paused nothing moves; a filter also applies to what happens live", async () => {
    const { id } = await ada.api.addBoard("Launch");
    const app = await admin("/admin");
    await isLive(app);
    const { page } = app;
    await page.getByRole("button", { name: "Pause" }).click();
    await ada.api.addTask(id, { title: "Later" });
    const held = page.getByRole("button", { name: "Show 1 new entry" });
    await held.waitFor();
    assert.equal(await entry(app, "“Later”").count(), 0);
    await held.click();
    await entry(app, "“Later”").waitFor();

    const bob = await stage.accounts.register("bob");
    const other = await bob.api.addBoard("Other");
    await bob.api.addTask(other.id, { title: "Before" });
    await page.getByRole("textbox", { name: "User name" }).fill("bob");
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await entry(app, "bob added “Before”").waitFor();
    await isLive(app);
    await ada.api.addTask(id, { title: "Not hers" });
    await bob.api.addTask(other.id, { title: "His" });
    await entry(app, "bob added “His”").waitFor();
    assert.equal(await entry(app, "ada").count(), 0);
    await app.close();
  });

  test("a full entry shows old and new values, and the file has what matches the filter", async () => {
    const { id } = await ada.api.addBoard("Launch");
    await ada.api.addTask(id, { title: "Drft" });
    const { tasks } = await ada.api.board(id);
    const task = tasks.find(({ title }) => title === "Drft");
    await ada.api.patchTask(id, task.id, { title: "Draft" });
    const app = await admin("/admin");
    const { page } = app;
    await page
      .getByRole("button", { name: /^Details: .*renamed “Drft”/u })
      .click();
    const changes = page.getByRole("table", { name: "What changed" });
    await changes.getByText("Drft", { exact: true }).waitFor();
    await changes.getByText("Draft", { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save as CSV" }).click(),
    ]);
    const lines = [];
    for await (const part of await download.createReadStream())
      lines.push(...String(part).split("\r\n"));
    assert.match(lines[0], /^timestamp,actor,action,entity,board_id,seq/u);
    assert.ok(lines.some((line) => /,ada,Update,task,.*Draft/u.test(line)));

    // Not a member of the board, the admin sees the task as it was before the change, and continues
    // from there.
    await page
      .getByRole("button", { name: /^Details: ada added “Drft”/u })
      .click();
    await page.getByRole("link", { name: "The task as it was" }).click();
    await page.waitForURL(/\/timeline\?at=\d+&task=\d+$/u);
    await page.getByText("Drft, as it was").first().waitFor();
    await page.keyboard.press("Escape");
    await app.board.card("Drft").waitFor();
    await page.getByRole("button", { name: "One change on" }).click();
    await app.board.card("Draft").waitFor();
    assert.deepEqual(app.faults(), []);
    await app.close();
  });

  test("API-AT: a link to a time shows the board as it was then, also to an admin who is not a member", async () => {
    const board = await ada.api.addBoard("Linked");
    await ada.api.addTask(board.id, { title: "Early" });
    const { tasks } = await ada.api.board(board.id);
    const time = tasks[0].created_at;
    await ada.api.deleteTask(board.id, tasks[0].id);
    const app = await admin(`/boards/${board.id}/timeline?at=${time}`);
    await app.board.card("Early").waitFor();
    await app.page
      .getByRole("heading", { name: "Timeline of “Linked”", level: 1 })
      .waitFor();
    assert.deepEqual(app.faults(), []);
    await app.close();
  });

  test("an entry in full has room on a phone: nothing of it is to be scrolled sideways", async () => {
    const { id } = await ada.api.addBoard("Launch");
    const words = "A title with many words that goes over several lines";
    const task = await ada.api.addTask(id, { title: words });
    await ada.api.patchTask(id, task.id, { title: `${words}, again` });
    const app = await admin("/admin", PHONE);
    await app.page
      .getByRole("button", { name: /^Details: .*, again”$/u })
      .click();
    await app.page.getByRole("table", { name: "What changed" }).waitFor();
    const wider = await app.page
      .getByRole("dialog")
      .evaluate((dialog) =>
        [...dialog.querySelectorAll("*")]
          .filter(
            (each) =>
              each.getBoundingClientRect().right > innerWidth ||
              (each.scrollWidth > each.clientWidth + 1 &&
                getComputedStyle(each).overflowX === "auto"),
          )
          .map((each) => each.textContent),
      );
    assert.deepEqual(wider, []);
    await app.close();
  });
});

test("where the device chooses the colours one sees which part is open, and which colour is which", async () => {
  const { id } = await ada.api.addBoard("Launch");
  await ada.api.addTask(id, { title: "Coloured" });
  const app = await admin("/admin/dashboard", { forcedColors: "active" });
  const { page } = app;
  const tabs = page.getByRole("navigation", { name: "Admin area" });
  const lineBelow = (name) =>
    tabs
      .getByRole("link", { name })
      .evaluate((tab) => getComputedStyle(tab).borderBottomWidth);
  assert.equal(await lineBelow("Dashboard"), "3px");
  assert.equal(await lineBelow("Users"), "0px");
  const columns = page.getByRole("table", { name: "Tasks by column" });
  await columns.waitFor();
  const grounds = await columns
    .locator("[data-coloured]")
    .evaluateAll((bars) =>
      bars.map((bar) => getComputedStyle(bar).backgroundColor),
    );
  const canvas = await page.evaluate(
    () => getComputedStyle(document.body).backgroundColor,
  );
  assert.ok(grounds.length > 0);
  assert.ok(grounds.every((ground) => ground !== canvas));
  await app.close();
});

test("API-STATS: the dashboard counts what happens while it is looked at", async () => {
  const { id } = await ada.api.addBoard("Launch");
  const app = await admin("/admin/dashboard");
  const { page } = app;
  const tasks = page
    .getByRole("list", { name: "Numbers" })
    .getByRole("listitem")
    .filter({ hasText: /^Tasks/u });
  const count = async () =>
    Number(/\d+/u.exec((await tasks.innerText()).replace(/\D*/u, ""))?.[0]);
  await tasks.waitFor();
  const before = await count();
  await ada.api.addTask(id, { title: "Counted" });
  await eventually(
    "the dashboard has one more",
    async () => (await count()) === before + 1,
  );
  await page.getByText("PostgreSQL works").waitFor();
  await app.close();
});

test("API-ADMIN: a disabled user is out within a second, and can log in again when enabled", async () => {
  const carol = await stage.accounts.register("carol");
  const board = await carol.api.addBoard("Hers");
  const hers = await openApp(stage, { account: carol });
  await hers.go(`/boards/${board.id}`);
  await hers.board.isLive();
  const app = await admin("/admin/users");
  const { page } = app;
  await page.getByRole("searchbox", { name: "Search users" }).fill("caro");
  await page.getByRole("button", { name: "Disable carol" }).click();
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: "Disable" })
    .click();
  await page.getByText("carol is disabled.").waitFor();
  await hers.page.waitForURL(/\/login/u, { timeout: 3_000 });
  await assert.rejects(carol.api.board(board.id), /401/u);
  await assert.rejects(stage.accounts.logIn("carol"), /401|403/u);
  await page.getByRole("button", { name: "Enable carol" }).click();
  await page.getByText("carol is enabled and can log in again.").waitFor();
  await stage.accounts.logIn("carol");
  await hers.close();
  await app.close();
});

test("API-ADMIN: for everybody else there is no admin area", async () => {
  const app = await openApp(stage, { account: ada });
  await app.go("/admin");
  await app.page
    .getByRole("heading", { name: "There is nothing here", level: 1 })
    .waitFor();
  await app.page.getByRole("button", { name: "Account menu" }).click();
  await app.page.getByRole("menuitem", { name: "Profile" }).waitFor();
  assert.equal(
    await app.page.getByRole("menuitem", { name: "Admin area" }).count(),
    0,
  );
  await app.close();
});

test("the admin area, Insights and charts are loaded only when they are opened", async () => {
  const { id } = await ada.api.addBoard("Launch");
  const app = await openApp(stage, { account: ada });
  const loaded = [];
  app.page.on("request", (request) => loaded.push(request.url()));
  const parts = () =>
    ["admin-area", "insights-page", "parts"].filter((name) =>
      loaded.some((url) => url.includes(`/${name}-`)),
    );
  await app.go(`/boards/${id}`);
  await app.board.isLive();
  assert.deepEqual(parts(), []);
  await app.go(`/boards/${id}/insights`);
  await app.page.getByRole("heading", { name: "Throughput" }).waitFor();
  assert.deepEqual(parts(), ["insights-page", "parts"]);
  await app.close();
});

/** The rows of a chart's table, headings first, without their first column. */
async function table({ page }, title) {
  await page.getByRole("button", { name: `Show as table: ${title}` }).click();
  return page
    .getByRole("table", { name: title })
    .getByRole("row")
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.children].slice(1).map(({ textContent }) => textContent),
      ),
    );
}

test("API-ANALYTICS: a board's Insights are what was done to it by hand", async () => {
  const { api } = ada;
  const board = await api.addBoard("Flow");
  const add = (title) => api.addTask(board.id, { title });
  const move = (task, status) => api.patchTask(board.id, task, { status });
  for (const title of ["One", "Two", "Three", "Four"]) await add(title);
  // One is finished; Two is finished and moved back; Three is in progress; Four is deleted.
  await move(1, "in_progress");
  await move(1, "finished");
  await move(2, "finished");
  await move(2, "todo");
  await move(3, "in_progress");
  await api.deleteTask(board.id, 4);

  const app = await openApp(stage, { account: ada });
  await app.go(`/boards/${board.id}`);
  await app.board.isLive();
  const { page } = app;
  await page.getByRole("button", { name: "Board menu" }).click();
  await page.getByRole("menuitem", { name: "Insights" }).click();
  await page.getByRole("heading", { name: "Insights: Flow" }).waitFor();

  await page.getByRole("radio", { name: "7 days" }).click();
  const today = async (title) => (await table(app, title))[1];
  // Added, finished, moved.
  assert.deepEqual(await today("Added, finished, moved"), ["4", "1", "5"]);
  // Finished, in progress, to do.
  assert.deepEqual(await today("Cumulative flow"), ["1", "1", "1"]);
  assert.deepEqual(await today("Throughput"), ["1"]);
  assert.equal(
    (await table(app, "Cycle time")).length,
    2,
    "one task and the head",
  );
  assert.equal(
    (await table(app, "Lead time")).length,
    2,
    "one task and the head",
  );
  await page
    .getByRole("group", { name: "Age of what is in “In progress”" })
    .getByRole("link", { name: "#3 Three" })
    .waitFor();

  await page.getByRole("button", { name: "Save as CSV" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "Save the days as CSV" }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^Flow days .*\.csv$/u);
  assert.deepEqual(app.faults(), []);
  await app.close();
});

test("API-ANALYTICS: Insights show each day of a hand-made history", async () => {
  const { api } = ada;
  const board = await api.addBoard("Days");
  const add = (title) => api.addTask(board.id, { title });
  const move = (task, status) => api.patchTask(board.id, task, { status });
  // Instead of waiting for a day, everything so far is moved a day back.
  const dayPasses = () => {
    const earlier = (table, key, ...columns) =>
      `UPDATE ${table} SET ${columns.map((column) => `${column} = ${column} - interval '1 day'`)} WHERE ${key} = ${board.id};`;
    return stage.servers.sql(
      earlier("column_flow", "board_id", "at") +
        earlier("events", "board_id", "created_at") +
        earlier("boards", "id", "created_at", "updated_at") +
        earlier(
          "tasks",
          "board_id",
          ...["created_at", "updated_at"],
          ...["entered_at", "started_at", "finished_at"],
        ),
    );
  };
  for (const title of ["One", "Two", "Three"]) await add(title);
  await dayPasses();
  await move(1, "in_progress");
  await move(2, "in_progress");
  await dayPasses();
  await move(1, "finished");
  await add("Four");
  await dayPasses();
  await move(2, "finished");
  await api.deleteTask(board.id, 3);

  const app = await openApp(stage, { account: ada });
  await app.go(`/boards/${board.id}/insights`);
  await app.page.getByRole("radio", { name: "7 days" }).click();
  const days = async (title) => (await table(app, title)).slice(1, 5);
  // Added, finished, moved: today first.
  assert.deepEqual(await days("Added, finished, moved"), [
    ["0", "1", "1"],
    ["1", "1", "1"],
    ["0", "0", "2"],
    ["3", "0", "0"],
  ]);
  // Finished, in progress, to do, as each day ended.
  assert.deepEqual(await days("Cumulative flow"), [
    ["2", "0", "1"],
    ["1", "1", "2"],
    ["0", "2", "1"],
    ["0", "0", "3"],
  ]);
  const times = async (title) =>
    (await table(app, title)).slice(1).map((row) => row.at(-1));
  assert.deepEqual(await times("Cycle time"), ["2 d", "1 d"]);
  assert.deepEqual(await times("Lead time"), ["3 d", "2 d"]);
  assert.deepEqual(app.faults(), []);
  await app.close();
});
