import AxeBuilder from "@axe-core/playwright";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { PASSWORD } from "../harness/api.mjs";
import { openApp } from "../harness/app.mjs";
import { useStage } from "../harness/stage.mjs";

const stage = useStage({ full: true });

/** The answer's status for a program with this token. */
async function status(token, path) {
  const headers = { Authorization: `Bearer ${token}` };
  return (await fetch(`${stage.servers.url}${path}`, { headers })).status;
}

/** Waits until a heading has the focus. */
const holdsHeading = (page, name) =>
  page.waitForFunction(
    (text) => {
      const { activeElement: held } = document;
      return held.matches("h1, h2") && held.textContent === text;
    },
    name,
    { timeout: 5_000 },
  );

async function isAccessible(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map(({ id }) => id),
    [],
  );
}

/** Revokes the token with this name in the list. */
async function revoke(page, name) {
  await page
    .getByRole("button", { name: new RegExp(`^Revoke: ${name},`, "u") })
    .click();
  const question = page.getByRole("alertdialog", { name: `Revoke “${name}”?` });
  await question.getByRole("button", { name: "Revoke the token" }).click();
  await page.getByText("The API token is revoked.").waitFor();
}

test("API-TOKENS: a token that is made on the profile is shown once, is used for the board that it is for, and counts no more once it is revoked", async () => {
  const user = await stage.accounts.register("automator");
  const chosen = await user.api.addBoard("Chosen");
  const other = await user.api.addBoard("Not chosen");
  const app = await openApp(stage, { account: user });
  const { page } = app;
  await app.go("/profile");
  await page.getByRole("button", { name: "Make an API token…" }).click();
  const dialog = page.getByRole("dialog", { name: "New API token" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("Report");
  await dialog.getByRole("radio", { name: "Some boards" }).click();
  const box = dialog.getByRole("checkbox", { name: "Chosen", exact: true });
  await box.focus();
  await page.keyboard.press("Space");
  await isAccessible(page);
  await dialog.getByRole("button", { name: "Make the token" }).click();
  const field = dialog.getByRole("textbox", { name: "The token" });
  const token = await field.inputValue();
  assert.match(token, /^tb_rb\d+_[\w-]{43}$/u);
  assert.ok(await field.evaluate((it) => it === document.activeElement));
  assert.equal(await status(token, `/api/boards/${chosen.id}`), 200);
  assert.equal(await status(token, `/api/boards/${other.id}`), 404);
  assert.equal(await status(token, "/api/auth/sessions"), 403);
  // Copied by the keyboard, it is not asked about.
  await page.keyboard.press("ControlOrMeta+c");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await page.reload();
  await page.getByText("Report", { exact: true }).waitFor();
  assert.ok(!(await page.content()).includes(token), "it is shown once");
  await page.getByText(/^Read · Chosen · until .* · last used/u).waitFor();
  await revoke(page, "Report");
  assert.equal(await status(token, `/api/boards/${chosen.id}`), 401);
  await page.getByText("Report", { exact: true }).waitFor({ state: "hidden" });
  assert.deepEqual(app.faults(), []);
  await app.close();
});

test("API-TOKEN-SCOPE: an owner makes a token of a board beside its members, and revokes it", async () => {
  const owner = await stage.accounts.register("deployer");
  const board = await owner.api.addBoard("Deployed");
  const app = await openApp(stage, { account: owner });
  const { page } = app;
  await app.go(`/boards/${board.id}/members`);
  await page.getByRole("button", { name: "API tokens" }).click();
  const dialog = page.getByRole("dialog", { name: "API tokens" });
  await dialog.getByText("There are none.").waitFor();
  await dialog.getByRole("textbox", { name: "Name" }).fill("Deploys");
  await dialog.getByRole("button", { name: "Make the token" }).click();
  const token = await dialog
    .getByRole("textbox", { name: "The token" })
    .inputValue();
  await isAccessible(page);
  assert.equal(await status(token, `/api/boards/${board.id}`), 200);
  await revoke(page, "Deploys");
  assert.equal(await status(token, `/api/boards/${board.id}`), 401);
  await dialog.getByText("There are none.").waitFor();
  await app.close();
});

test("API-SESSIONS: a user sees where else they are logged in, and logs that out from here", async () => {
  const here = await stage.accounts.register("traveller");
  const elsewhere = await stage.accounts.logIn("traveller");
  const app = await openApp(stage, { account: here });
  const { page } = app;
  await app.go("/profile");
  await page.getByText("This one").waitFor();
  await page.getByRole("button", { name: /^Log out: / }).click();
  await page.getByText("That device is logged out.").waitFor();
  assert.equal(await status(elsewhere.token, "/api/auth/me"), 401);
  assert.equal(await status(here.token, "/api/auth/me"), 200);
  await page
    .getByRole("button", { name: /^Log out: / })
    .waitFor({ state: "hidden" });
  await holdsHeading(page, "Where you are logged in");
  await app.close();
});

test("API-TOKENS: a double click makes one token; where another window revoked it first, the keyboard is at the heading", async () => {
  const user = await stage.accounts.register("hasty");
  const [app, elsewhere] = [
    await openApp(stage, { account: user }),
    await openApp(stage, { account: user }),
  ];
  const { page } = app;
  await app.go("/profile");
  await page.getByRole("button", { name: "Make an API token…" }).click();
  const dialog = page.getByRole("dialog", { name: "New API token" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("Once");
  // Without a pause: before the first press is shown as busy.
  await dialog
    .getByRole("button", { name: "Make the token" })
    .evaluate((button) => [button, button].forEach((it) => it.click()));
  await dialog.getByRole("textbox", { name: "The token" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Close without a copy" }).click();
  const row = page.getByRole("button", { name: /^Revoke: Once,/u });
  await row.waitFor();
  assert.equal(await row.count(), 1);
  await row.click();
  await elsewhere.go("/profile");
  await revoke(elsewhere.page, "Once");
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: "Revoke the token" })
    .click();
  await row.waitFor({ state: "hidden" });
  await holdsHeading(page, "API tokens");
  await elsewhere.close();
  await app.close();
});

test("API-ACCOUNT-EXPORT: a file of one's data is saved", async () => {
  const user = await stage.accounts.register("archivist");
  const board = await user.api.addBoard("Kept");
  await user.api.addTask(board.id, { title: "Remember" });
  const app = await openApp(stage, { account: user });
  await app.go("/profile");
  const [file] = await Promise.all([
    app.page.waitForEvent("download"),
    app.page.getByRole("button", { name: "Save my data" }).click(),
  ]);
  assert.equal(file.suggestedFilename(), "archivist.json");
  const data = JSON.parse(await readFile(await file.path(), "utf8"));
  assert.equal(data.user.username, "archivist");
  assert.deepEqual(
    data.tasks.map(({ title }) => title),
    ["Remember"],
  );
  await app.close();
});

test("API-ACCOUNT-DELETE: deleting an account asks for the password, logs out everywhere, and is final", async () => {
  const user = await stage.accounts.register("leaver");
  const stays = await stage.accounts.register("stayer");
  const board = await user.api.addBoard("Left behind");
  await user.api.addMember(board.id, "stayer", "editor");
  const app = await openApp(stage, { account: user });
  const { page } = app;
  await app.go("/profile");
  await page.getByRole("button", { name: "Delete my account…" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete your account" });
  const remove = dialog.getByRole("button", { name: "Delete my account" });
  const password = dialog.getByLabel("Password", { exact: true });
  await password.fill(PASSWORD);
  await remove.click();
  // Another member is on a board with no other owner.
  await dialog.getByRole("link", { name: /^Left behind/u }).waitFor();
  await isAccessible(page);
  await user.api.addMember(board.id, "stayer", "owner");
  await remove.click();
  await page.getByText("Your account is deleted.").waitFor();
  assert.equal(await status(user.token, "/api/auth/me"), 401);
  await assert.rejects(stage.accounts.logIn("leaver"), /gave 401/u);
  assert.equal((await stays.api.board(board.id)).name, "Left behind");
  await app.close();
});
