/** What a screen reader announces, and that links are links: read from the browser's accessibility tree. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { useStage } from "../harness/stage.mjs";
import { nodeOf, treeOf } from "../harness/tree.mjs";

const stage = useStage({ full: true, accounts: ["ada"] });
const { ada } = stage.people;

/** Ada's new board with the tasks 1, Draw, and 2, Measure. @returns its id */
async function newBoard() {
  const { id } = await ada.api.addBoard("Launch");
  await ada.api.addTask(id, {
    title: "Draw",
    description:
      "See [this](javascript:alert(1)) and [that](https://example.org).",
    fields: { estimate: 3 },
    assigned_to: "ada",
    labels: ["design"],
  });
  await ada.api.addTask(id, { title: "Measure" });
  return id;
}

/** A window at a path. */
async function at(path, options = {}, account = ada) {
  const app = await openApp(stage, { account, options });
  await app.go(path);
  await app.page.getByRole("heading").first().waitFor();
  return app;
}

async function atBoard() {
  const id = await newBoard();
  const app = await at(`/boards/${id}`);
  await app.board.isLive();
  return { ...app, id };
}

/** Waits for the tab that `open` opens. @returns its path */
async function newTab({ context }, open) {
  const [tab] = await Promise.all([
    context.waitForEvent("page", { timeout: 8_000 }),
    open(),
  ]);
  await tab.waitForURL(/\/boards\//u);
  const { pathname } = new URL(tab.url());
  await tab.close();
  return pathname;
}

test("WCAG 4.1.2: a value that is pressed to be changed is read out with its button", async () => {
  const app = await atBoard();
  const name = await nodeOf(app.page, "button", "Rename board");
  assert.equal(name?.description, "Launch");
  const back = await nodeOf(app.page, "button", "Back");
  assert.equal(back?.description, "", "a name is not read twice");
  await app.go(`/boards/${app.id}/tasks/1`);
  const more = app.page.getByRole("button", { name: "More fields" });
  await app.page.getByRole("dialog").waitFor();
  if (await more.count()) await more.click();
  await app.page.getByText("estimate", { exact: true }).waitFor();
  const field = (await treeOf(app.page)).find(
    ({ role, name: said }) =>
      role === "button" && /estimate/u.test(said) && !/Remove/u.test(said),
  );
  assert.equal(field?.description, "3");
  await app.close();
});

test("WCAG 1.3.1: a link that is not opened says so, and one that is leads there", async () => {
  const app = await at(`/boards/${await newBoard()}/tasks/1`);
  await app.page.getByText("this", { exact: true }).waitFor();
  const tree = await treeOf(app.page);
  assert.ok(
    tree.some(({ name }) => /This link is not opened/u.test(name)),
    "nothing explains why it is struck through",
  );
  const link = tree.find(
    ({ role, name }) => role === "link" && name === "that",
  );
  assert.equal(link?.states.url, "https://example.org/");
  await app.close();
});

test("WCAG 4.1.2: a busy button is announced as busy and disabled, and keeps the keyboard", async () => {
  const app = await at("/boards");
  const { page } = app;
  let answer;
  await page.route("**/api/boards", (route) => {
    if (route.request().method() !== "POST") return route.continue();
    answer = () => route.continue();
    return undefined;
  });
  await page.getByRole("button", { name: "New board", exact: true }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Slow");
  const create = page.getByRole("button", { name: "Create", exact: true });
  await create.focus();
  await page.keyboard.press("Enter");
  await eventually("the request waits", () => answer !== undefined);
  const node = await nodeOf(page, "button", "Create");
  assert.deepEqual(
    [Boolean(node?.states.busy), node?.states.disabled, node?.states.focused],
    [true, true, true],
  );
  answer();
  await page.waitForURL(/\/boards\/\d+$/u);
  await app.close();
});

test("A card is a link to its task: Ctrl+click and the middle button open a tab, a click and Enter the panel, and it is dragged anyway", async () => {
  const app = await atBoard();
  const { page, board, id } = app;
  const card = await nodeOf(page, "link", "Draw");
  assert.equal(card?.states.url, `${stage.servers.url}/boards/${id}/tasks/1`);
  assert.match(card.description, /Labels: design.*Assigned to ada/u);
  const link = page.getByRole("link", { name: "Draw", exact: true });
  const path = `/boards/${id}/tasks/1`;
  const control = { modifiers: ["Control"] };
  assert.equal(await newTab(app, () => link.click(control)), path);
  assert.equal(await newTab(app, () => link.click({ button: "middle" })), path);
  assert.equal(new URL(page.url()).pathname, `/boards/${id}`);
  for (const open of [() => link.click(), () => link.press("Enter")]) {
    await open();
    await page.waitForURL(`**${path}`);
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.waitForURL(`**/boards/${id}`);
  }
  const drag = await board.drag("Draw", board.column("In progress"));
  await drag.drop();
  await board.shows("In progress", ["Draw"]);
  assert.equal(new URL(page.url()).pathname, `/boards/${id}`, "no click");
  await link.press(" ");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await board.shows("In progress", []);
  assert.equal(new URL(page.url()).pathname, `/boards/${id}`, "no Enter");
  assert.deepEqual(app.faults(), []);
  await app.close();
});

test("What happened to a task is a link to it: Enter opens it, Ctrl+click a tab", async () => {
  const app = await atBoard();
  const { page, id } = app;
  await page.getByRole("button", { name: "Activity" }).click();
  const entry = page
    .getByRole("complementary", { name: "Activity" })
    .getByRole("link", { name: /Measure/u })
    .first();
  await entry.waitFor();
  const path = `/boards/${id}/tasks/2`;
  await entry.press("Enter");
  await page.waitForURL(`**${path}`);
  await page.keyboard.press("Escape");
  const tab = () => entry.click({ modifiers: ["Control"] });
  assert.equal(await newTab(app, tab), path);
  await app.close();
});

test("What leads to a screen is a link, also where it looks like a button: Ctrl+click opens a tab and stays", async () => {
  const app = await atBoard();
  const { page, context } = app;
  const staysFor = async (name) => {
    const { pathname } = new URL(page.url());
    const [tab] = await Promise.all([
      context.waitForEvent("page", { timeout: 8_000 }),
      page
        .getByRole("link", { name })
        .first()
        .click({ modifiers: ["Control"] }),
    ]);
    await tab.close();
    assert.equal(new URL(page.url()).pathname, pathname);
  };
  await staysFor(/^Taskboard/u);
  await app.go("/nowhere");
  await staysFor(/^To your boards$/u);
  await page.getByRole("link", { name: /^To your boards$/u }).press("Enter");
  await page.waitForURL("**/");
  await app.close();
});

test("HTML: of stacked screens only the one in view is `main` and `#content`", async () => {
  const app = await atBoard();
  const { page, id } = app;
  const counts = () =>
    page.evaluate(() => [
      document.querySelectorAll('main, [role="main"]').length,
      document.querySelectorAll("#content").length,
    ]);
  assert.deepEqual(await counts(), [1, 1], "a board over the boards");
  await page.getByRole("button", { name: "Members" }).click();
  await page.getByRole("heading", { name: "Members", level: 1 }).waitFor();
  assert.deepEqual(await counts(), [1, 1], "members over a board");
  await app.go(`/boards/${id}/tasks/1`);
  await page.getByRole("dialog").waitFor();
  assert.deepEqual(await counts(), [1, 1], "a task over a board");
  const tree = await treeOf(page);
  const roles = tree.map(({ role }) => role);
  assert.equal(roles.filter((role) => role === "main").length, 1);
  assert.equal(await nodeOf(page, "button", "Rename board"), undefined);
  assert.equal(await nodeOf(page, "link", "Measure"), undefined);
  await app.close();
});

test("forced colours: what is chosen, what has the keyboard and every icon can be seen", async () => {
  const app = await at("/profile", {
    forcedColors: "active",
    colorScheme: "light",
  });
  const { page } = app;
  const border = (radio) =>
    radio.evaluate((element) => getComputedStyle(element).borderTopWidth);
  const group = page.getByRole("radiogroup").first();
  const chosen = await border(group.getByRole("radio", { checked: true }));
  const other = await border(
    group.getByRole("radio", { checked: false }).first(),
  );
  assert.notEqual(chosen, other, "the chosen one looks like the others");
  const field = page.getByRole("textbox").first();
  await field.focus();
  assert.notEqual(
    await field.evaluate((element) => getComputedStyle(element).outlineStyle),
    "none",
    "nothing shows the focus",
  );
  const strokes = await page.evaluate(() => {
    const button = document.querySelector("button svg");
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = "ButtonText";
    const wanted = getComputedStyle(probe).color;
    probe.remove();
    return [getComputedStyle(button).stroke, wanted];
  });
  assert.equal(
    strokes[0],
    strokes[1],
    "an icon keeps the theme's colour instead of the system's",
  );
  await app.close();
});

test("WCAG 3.1.1: the page says in which language it is", async () => {
  const app = await at("/profile", { locale: "de-DE" });
  await eventually("it is German", () =>
    app.page.evaluate(() => document.documentElement.lang === "de"),
  );
  await app.close();
});

test("WCAG 3.1.1: the language that is chosen in one tab holds at once in another", async () => {
  const app = await atBoard();
  const other = await app.tab();
  await other.page.goto(new URL("/profile", app.page.url()).href);
  await other.page.getByRole("radio", { name: "Deutsch" }).click();
  await app.page.getByRole("button", { name: "Board-Menü" }).waitFor();
  assert.equal(
    await app.page.evaluate(() => document.documentElement.lang),
    "de",
  );
  await app.close();
});

test("WCAG 2.4.3: a button that cannot be pressed any more keeps the keyboard, and says so", async () => {
  const linus = await stage.accounts.register("linus");
  const app = await at("/profile", {}, linus);
  const { page } = app;
  await page.getByRole("textbox", { name: "Display name" }).fill("Linus T");
  await page.getByRole("button", { name: "Save", exact: true }).press("Enter");
  await page.getByText("Saved").first().waitFor();
  await eventually("it is pressed no more", async () => {
    const node = await nodeOf(page, "button", "Save");
    return node?.states.disabled === true && node.states.focused === true;
  });
  await app.close();
});

test("WCAG 2.4.3: a dialog has the keyboard itself where what had it was taken away", async () => {
  const app = await atBoard();
  const { page } = app;
  await page.getByRole("button", { name: "Board menu" }).click();
  await page.getByRole("menuitem", { name: "Columns…" }).click();
  const columns = page.getByRole("dialog", { name: "Columns" });
  await columns
    .getByRole("button", { name: /^Delete column/u })
    .last()
    .press("Enter");
  const role = () => document.activeElement?.getAttribute("role");
  assert.equal(await page.evaluate(role), "dialog");
  await page.keyboard.press("Shift+Tab");
  const name = () => document.activeElement?.getAttribute("aria-label");
  assert.equal(await page.evaluate(name), "Save");
  await app.close();
});

test("WCAG 4.1.3: a countdown is read out once, not each second", async () => {
  const app = await openApp(stage);
  const { page } = app;
  await page.route("**/api/auth/login", (route) =>
    route.fulfill({
      status: 429,
      headers: { "Retry-After": "60" },
      contentType: "application/problem+json",
      json: {
        type: "/problems/too-many-requests",
        title: "Too many requests",
        status: 429,
      },
    }),
  );
  await app.go("/login");
  await page.getByRole("textbox", { name: "User name" }).fill("ada");
  await page.getByLabel("Password", { exact: true }).fill("wrong");
  await page.keyboard.press("Enter");
  const clock = page.getByText(/\d:\d\d/u);
  await clock.waitFor();
  const heard = (element) =>
    element.closest("[aria-live]")?.getAttribute("aria-live");
  assert.equal(await clock.evaluate(heard), "off");
  await app.close();
});
