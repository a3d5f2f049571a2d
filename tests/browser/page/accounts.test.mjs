import AxeBuilder from "@axe-core/playwright";
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { PASSWORD } from "../harness/api.mjs";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { useStage } from "../harness/stage.mjs";

const stage = useStage({ full: true });

async function logIn(page, username, password = PASSWORD) {
  await page.getByRole("textbox", { name: "User name" }).fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page
    .getByRole("main")
    .getByRole("button", { name: "Log in", exact: true })
    .click();
}

test("Somebody who has never seen it registers, makes a board, invites a second user, and both watch each other move cards", async () => {
  const [ada, grace] = [await openApp(stage), await openApp(stage)];
  for (const [window, name] of [
    [ada, "ada"],
    [grace, "grace"],
  ]) {
    await window.go("/");
    await window.page
      .getByRole("main")
      .getByRole("link", { name: "Register", exact: true })
      .click();
    await window.page.getByRole("textbox", { name: "User name" }).fill(name);
    await window.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await window.page
      .getByRole("main")
      .getByRole("button", { name: "Register", exact: true })
      .click();
    await window.page
      .getByRole("heading", { name: "Boards", level: 1 })
      .waitFor();
  }
  await ada.page.getByRole("button", { name: "New board" }).first().click();
  await ada.page.getByRole("textbox", { name: "Name" }).fill("Launch");
  await ada.page.getByRole("button", { name: "Create", exact: true }).click();
  await ada.board.isLive();
  await ada.page.getByRole("button", { name: "Members" }).click();
  await ada.page.getByRole("textbox", { name: "User name" }).fill("grace");
  await ada.page.getByRole("button", { name: "Invite", exact: true }).click();
  await ada.page.getByText("grace").first().waitFor();
  await ada.page.goBack();
  await ada.board.isLive();

  await grace.page.reload();
  await grace.page
    .getByRole("link", { name: /Launch/u })
    .first()
    .click();
  await grace.board.isLive();
  await grace.board.add("To do", "Say hello");
  await ada.board.shows("To do", ["Say hello"]);
  await ada.board.moveByMenu("Say hello", "In progress");
  await grace.board.shows("In progress", ["Say hello"]);
  await grace.page.getByRole("img", { name: /Here now: .*ada/u }).waitFor();
  await Promise.all([ada.close(), grace.close()]);
});

/** Creates a link in the open dialog; its address is shown only once. */
async function madeLink(page, make) {
  await page.getByRole("button", { name: make, exact: true }).click();
  return page.getByRole("textbox", { name: "The link" }).inputValue();
}

test("API-INVITATION: an invited person registers with the link and is on the board; then the link is no longer valid", async () => {
  const host = await stage.accounts.register("host");
  const board = await host.api.addBoard("By link");
  const inviting = await openApp(stage, { account: host });
  await inviting.go(`/boards/${board.id}/members`);
  await inviting.page.getByRole("button", { name: "Invite by link" }).click();
  const link = await madeLink(inviting.page, "Make a link");
  const invited = await openApp(stage);
  const { page } = invited;
  await page.goto(link);
  const heading = "host invites you to the board “By link”";
  await page.getByRole("heading", { name: heading }).waitFor();
  assert.equal(page.url(), `${stage.servers.url}/invite`);
  await page.getByRole("button", { name: "Register and join" }).click();
  await page.getByRole("textbox", { name: "User name" }).fill("invited");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/boards/${board.id}$`, "u"));
  await invited.board.isLive();
  await invited.board.add("To do", "Here I am");
  assert.deepEqual(invited.faults(), []);
  const late = await openApp(stage);
  await late.page.goto(link);
  await late.page
    .getByRole("heading", { name: "This invitation is not valid" })
    .waitFor();
  await Promise.all([inviting, invited, late].map((each) => each.close()));
});

test("API-RESET: a user who forgot the password sets a new one with an admin's link, and logs in with it", async () => {
  await stage.accounts.register("keeper");
  await stage.servers.makeAdmin("keeper");
  const keeper = await stage.accounts.logIn("keeper");
  const forgetful = await stage.accounts.register("forgetful");
  const helping = await openApp(stage, { account: keeper });
  await helping.go("/admin/users");
  await helping.page
    .getByRole("button", { name: "Reset link for forgetful" })
    .click();
  const link = await madeLink(helping.page, "Make the link");
  const helped = await openApp(stage, { account: forgetful });
  const { page } = helped;
  await page.goto(link);
  const password = `another ${PASSWORD}`;
  await page.getByLabel("New password", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
  await page.getByText("The password of forgetful is set").waitFor();
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Boards", level: 1 }).waitFor();
  await page.goto(link);
  await page.getByLabel("New password", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "This link is not valid" }).waitFor();
  await Promise.all([helping.close(), helped.close()]);
});

/** An authenticator app's code for a time step of 30 seconds (RFC 6238). */
function codeOf(secret, step) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret]
    .map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const bytes = bits.match(/.{8}/gu).map((byte) => Number.parseInt(byte, 2));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", Buffer.from(bytes)).update(counter).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

test("API-TOTP: a user with an authenticator app logs in with its code, or with a recovery code without it", async () => {
  const careful = await stage.accounts.register("careful");
  const app = await openApp(stage, { account: careful });
  const { page } = app;
  await app.go("/profile");
  await page.getByRole("button", { name: "Set up an app…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.keyboard.press("Enter");
  await dialog.getByRole("img", { name: /^QR code/u }).waitFor();
  const shown = await dialog
    .getByRole("textbox", { name: "The key" })
    .inputValue();
  const secret = shown.replaceAll(" ", "");
  const step = Math.floor(Date.now() / 30_000);
  const code = dialog.getByRole("textbox", { name: "Code", exact: true });
  // Each is accepted once: this one now, and the next one later. The field has the focus.
  assert.ok(await code.evaluate((field) => field === document.activeElement));
  await page.keyboard.type(codeOf(secret, step));
  await page.keyboard.press("Enter");
  const codes = dialog.getByRole("list", { name: "Your recovery codes" });
  await codes.waitFor();
  const recovery = await codes.getByRole("listitem").allInnerTexts();
  assert.equal(recovery.length, 10);
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map(({ id }) => id),
    [],
  );
  await page.keyboard.press("Escape");
  const question = page.getByRole("alertdialog");
  await question.getByText("Close without a copy?").waitFor();
  await page.keyboard.press("Escape");
  await question.waitFor({ state: "hidden" });
  assert.ok(await codes.isVisible(), "they are still there");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await question.getByRole("button", { name: "Close without a copy" }).click();
  await page.getByText("10 recovery codes are left.").waitFor();

  for (const [kind, right] of [
    ["app", codeOf(secret, step + 1)],
    ["recovery", recovery[0]],
  ]) {
    await app.go("/profile");
    await page
      .getByRole("main")
      .getByRole("button", { name: "Log out", exact: true })
      .click();
    await page.waitForURL(`${stage.servers.url}/`);
    await app.go("/login");
    await logIn(page, "careful");
    const field = page.getByRole("textbox", { name: "Code", exact: true });
    await field.fill(kind === "app" ? "aaaaaa" : "wrong");
    await page.keyboard.press("Enter");
    await page.getByText(/^This code is not valid/u).waitFor();
    const found = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(
      found.violations.map(({ id }) => id),
      [],
    );
    if (kind === "recovery") {
      await page.getByRole("button", { name: "Use a recovery code" }).click();
    }
    await page.getByRole("textbox", { name: /code$/iu }).fill(right);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Boards", level: 1 }).waitFor();
  }
  await app.go("/profile");
  await page.getByText("9 recovery codes are left.").waitFor();
  await page.getByRole("button", { name: "Turn off…" }).click();
  await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await dialog.getByRole("textbox", { name: /^Code from/u }).fill(recovery[1]);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Set up an app…" }).waitFor();
  await app.close();
});

test("api: 401: a user who is logged out elsewhere while working logs in again, is back on the board, and nothing is lost", async () => {
  const mary = await stage.accounts.register("mary");
  const board = await mary.api.addBoard("Interrupted");
  const window = await openApp(stage, { account: mary });
  await window.go(`/boards/${board.id}`);
  await window.board.isLive();
  await mary.api.logOut();
  await window.page.waitForURL(/\/login\?next=/u, { timeout: 15_000 });
  await logIn(window.page, "mary");
  await window.page.waitForURL(new RegExp(`/boards/${board.id}$`, "u"));
  await window.board.isLive();
  await window.board.add("To do", "Still here");
  const again = await stage.accounts.logIn("mary");
  await eventually(
    "the server has it",
    async () => (await again.api.board(board.id)).tasks.length === 1,
  );
  await again.api.logOut();
  await window.page.waitForURL(/\/login\?next=/u, { timeout: 15_000 });
  const other = await window.context.newPage();
  await other.goto(`${stage.servers.url}/login`);
  await logIn(other, "mary");
  await window.page.waitForURL(new RegExp(`/boards/${board.id}$`, "u"));
  await window.board.isLive();
  await window.close();
});

test("A user who is logged out elsewhere in the middle of a sentence finishes it in place, and finds it there afterwards", async () => {
  const user = await stage.accounts.register("writer");
  const board = await user.api.addBoard("Sentences");
  await user.api.addTask(board.id, { title: "Essay" });
  const window = await openApp(stage, { account: user });
  const { page } = window;
  await window.go(`/boards/${board.id}/tasks/1`);
  const field = page.getByRole("textbox", { name: "Write a comment" });
  await field.focus();
  const sentence = "It was the best of times, it was the worst of times";
  const out = page
    .waitForFunction(() => document.activeElement.value.length > 10)
    .then(() => user.api.logOut());
  await field.pressSequentially(sentence, { delay: 50 });
  await out;
  assert.equal(await field.inputValue(), sentence);
  await logIn(page, "writer", PASSWORD);
  await eventually(
    "the sentence is kept",
    async () => (await field.inputValue()) === sentence,
  );
  await window.close();
});

test("A wrong password and a name that is taken are shown in the form", async () => {
  await stage.accounts.register("taken");
  const window = await openApp(stage);
  await window.go("/login");
  await logIn(window.page, "taken", "a wrong password");
  await window.page.getByRole("alert").first().waitFor();
  await window.go("/register");
  await window.page.getByRole("textbox", { name: "User name" }).fill("taken");
  await window.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await window.page
    .getByRole("main")
    .getByRole("button", { name: "Register", exact: true })
    .click();
  const field = window.page.getByRole("textbox", { name: "User name" });
  await eventually(
    "the field is marked",
    async () => (await field.getAttribute("aria-invalid")) === "true",
  );
  await window.close();
});

test("API-LINE: what cannot be seen does not get into a name that is typed or pasted", async () => {
  const window = await openApp(stage, { options: { locale: "de-DE" } });
  const { page } = window;
  await window.go("/register");
  const name = page.getByRole("textbox", { name: /^Anzeigename/u });
  await name.fill("a\u{202e}b");
  assert.equal(await name.inputValue(), "ab");
  await page.getByRole("textbox", { name: "Benutzername" }).fill("gerda");
  await page.getByLabel("Passwort", { exact: true }).fill(PASSWORD);
  await page
    .getByRole("main")
    .getByRole("button", { name: "Registrieren", exact: true })
    .click();
  await page.getByRole("heading", { level: 1, name: "Ihre Boards" }).waitFor();
  await window.close();
});

test("People who have a board open see that it was deleted, or that they were removed; it is shown again once it is back", async () => {
  const [owner, guest] = [
    await stage.accounts.register("owner"),
    await stage.accounts.register("guest"),
  ];
  for (const end of ["removeMember", "deleteBoard"]) {
    const board = await owner.api.addBoard(`Ends by ${end}`);
    await owner.api.addMember(board.id, "guest", "viewer");
    const window = await openApp(stage, { account: guest });
    await window.go(`/boards/${board.id}`);
    await window.board.isLive();
    assert.equal(
      await window.page.getByRole("button", { name: /^Add task/u }).count(),
      0,
      "a viewer cannot add anything",
    );
    await owner.api[end](board.id, "guest");
    const words = end === "deleteBoard" ? /deleted/iu : /no longer|removed/iu;
    await window.page.getByRole("heading", { name: words, level: 1 }).waitFor();
    if (end === "deleteBoard") await owner.api.restoreBoard(board.id);
    else await owner.api.addMember(board.id, "guest", "viewer");
    await window.page.getByRole("link", { name: "All boards" }).click();
    await window.page.getByRole("link", { name: board.name }).click();
    await window.board.isLive();
    await window.close();
  }
});

test("Logging out in one tab logs out in all: waiting changes are never sent in the name of the next user", async () => {
  const first = await stage.accounts.register("first-user");
  const second = await stage.accounts.register("second-user");
  const board = await first.api.addBoard("One browser");
  await first.api.addMember(board.id, second.username, "editor");
  await first.api.addTask(board.id, { title: "Before" });
  // Another login of the same user: the logout ends the one in this window.
  const window = await openApp(stage, {
    account: await stage.accounts.logIn(first.username),
  });
  await window.page.routeWebSocket(/\/ws/u, (socket) => socket.close());
  await window.go(`/boards/${board.id}`);
  await window.board.card("Before").waitFor();
  await window.page.route(/\/api\//u, (route) => route.abort());
  await window.board.add("To do", "Not sent yet");
  const other = await window.context.newPage();
  await other.goto(`${stage.servers.url}/boards`);
  await other.getByRole("button", { name: "Account menu" }).click();
  await other.getByRole("menuitem", { name: "Log out" }).click();
  const question = other.getByRole("alertdialog", { name: "Log out" });
  await question.getByText(/^1 change was not sent/u).waitFor();
  await question.getByRole("button", { name: "Log out" }).click();
  await window.page.waitForURL(/\/login/u);
  await other.goto(`${stage.servers.url}/login`);
  await logIn(other, second.username);
  await other.getByRole("heading", { name: "Boards", level: 1 }).waitFor();
  await window.page.unroute(/\/api\//u);
  await window.go(`/boards/${board.id}`);
  await window.board.shows("To do", ["Before"]);
  // `shows` is also true for a local copy; the server is checked last, after the queue.
  await window.board.add("To do", "By the second");
  const titles = async () =>
    (await second.api.board(board.id)).tasks.map(
      ({ title, created_by: by }) => `${title} by ${by}`,
    );
  await eventually("the second's card is sent", async () =>
    (await titles()).includes(`By the second by ${second.username}`),
  );
  assert.deepEqual(await titles(), [
    `Before by ${first.username}`,
    `By the second by ${second.username}`,
  ]);
  await window.close();
});

test("a guest's console holds no error, and a browser that is logged in comes to its boards though the page kept nothing", async () => {
  const guest = await openApp(stage);
  await guest.go("/");
  const { page } = guest;
  await page.getByRole("main").getByRole("link").first().waitFor();
  await page.waitForLoadState("networkidle");
  assert.deepEqual(guest.faults(), []);
  await guest.close();
  const known = await stage.accounts.register("known");
  const window = await openApp(stage, { account: known });
  await window.go("/");
  await window.page
    .getByRole("heading", { name: "Boards", level: 1 })
    .waitFor();
  assert.deepEqual(window.faults(), []);
  await window.close();
});

test("in German a new board gets German columns, with an account and without", async () => {
  const ada = await stage.accounts.register("german");
  for (const [account, root] of [
    [ada, "/boards"],
    [null, "/quick-win"],
  ]) {
    const window = await openApp(stage, {
      account,
      options: { locale: "de-DE" },
    });
    await window.go(root);
    const { page } = window;
    await page.getByRole("button", { name: "Neues Board" }).first().click();
    await page.getByRole("textbox", { name: "Bezeichnung" }).fill("Umzug");
    await page.keyboard.press("Enter");
    for (const name of ["Zu erledigen", "In Arbeit", "Erledigt"]) {
      await window.board.column(name).waitFor();
    }
    if (account !== null) {
      const button = page.getByRole("button", { name: "Spalte hinzufügen" });
      const { x, width } = await button.boundingBox();
      assert.ok(
        x + width <= page.viewportSize().width,
        "the button that adds a column is fully visible",
      );
    }
    await window.close();
  }
});

test("a board's tile says how many tasks each column has and who is on it, with an account and without", async () => {
  const tina = await stage.accounts.register("tina");
  await stage.accounts.register("tom");
  const { id } = await tina.api.addBoard("Told");
  await tina.api.addMember(id, "tom", "viewer");
  const quick = await stage.api.addBoard("Told as well");
  for (const status of ["todo", "todo", "finished"]) {
    await tina.api.addTask(id, { title: "Task", status });
    await stage.api.addTask(quick.id, { title: "Task", status });
  }
  const window = await openApp(stage, { account: tina });
  const tile = (name) =>
    window.page.getByRole("listitem").filter({ hasText: name });
  const counts =
    /^To do: 2 tasks, In progress: 0 tasks,? and Finished: 1 task$/u;
  await window.go("/boards");
  await tile("Told").getByRole("img", { name: counts }).waitFor();
  await tile("Told")
    .getByRole("img", { name: "Members: tina and tom" })
    .waitFor();
  await window.go("/quick-win");
  await tile("Told as well").getByRole("img", { name: counts }).waitFor();
  assert.deepEqual(window.faults(), []);
  await window.close();
});
