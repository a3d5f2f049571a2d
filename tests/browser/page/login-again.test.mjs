/** A session that ends while the user is working: nothing typed is lost, and work continues after the login. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PASSWORD } from "../harness/api.mjs";
import { openApp } from "../harness/app.mjs";
import { useStage } from "../harness/stage.mjs";

const stage = useStage({ full: true });
let people = 0;

/** A separate user, since the session ends, with a board and a window. */
async function somebody(options) {
  people += 1;
  const account = await stage.accounts.register(`ada${people}`);
  const board = await account.api.addBoard("Launch");
  const app = await openApp(stage, { account, options });
  return { account, board, app, page: app.page };
}

/** Types name and password with the keyboard alone: the login form has the focus. */
async function logIn(page, username) {
  await page.waitForURL(/\/login/u);
  await page.locator("input:focus").waitFor();
  await page.keyboard.type(username);
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname !== "/login");
}

/** The values of its fields. */
const values = (dialog) =>
  dialog
    .getByRole("textbox")
    .evaluateAll((fields) => fields.map(({ value }) => value));

describe("a dialog that is open when the session ends gives way to the login and comes back as it was", () => {
  for (const [what, options] of [
    ["on a desk", {}],
    ["on a phone", { viewport: { width: 390, height: 844 } }],
  ]) {
    test(`a new board, ${what}`, async () => {
      const { account, app, page } = await somebody(options);
      await app.go("/boards");
      await page.getByText("Launch").first().waitFor();
      await page.getByRole("button", { name: "New board" }).first().click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("textbox", { name: "Name" }).fill("Spring");
      await dialog
        .getByRole("textbox", { name: "Description" })
        .fill("What we do");
      await account.api.logOut();
      await dialog.getByRole("button", { name: "Create" }).click();
      await logIn(page, account.username);
      await dialog.waitFor();
      assert.deepEqual(await values(dialog), ["Spring", "What we do"]);
      assert.deepEqual(await dialog.getByRole("alert").allInnerTexts(), []);
      await dialog.getByRole("button", { name: "Create" }).click();
      await app.board.isLive();
      await page
        .getByRole("heading", { name: "Spring", level: 1 })
        .first()
        .waitFor();
      await app.close();
    });
  }

  test("the columns of a board", async () => {
    const { account, board, app, page } = await somebody();
    await app.go(`/boards/${board.id}`);
    await app.board.isLive();
    await page.getByRole("button", { name: "Board menu" }).click();
    await page.getByRole("menuitem", { name: /^Columns/u }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox").first().fill("Ideas");
    await account.api.logOut();
    await logIn(page, account.username);
    await dialog.waitFor();
    assert.equal((await values(dialog))[0], "Ideas");
    await dialog.getByRole("button", { name: "Save" }).click();
    await app.board.column("Ideas").waitFor();
    await app.close();
  });
});

test("what is typed on after a pause goes into no field of the login that came over it", async () => {
  const { account, board, app, page } = await somebody();
  await app.go(`/boards/${board.id}`);
  await app.board.isLive();
  await page.getByRole("button", { name: "Board menu" }).click();
  await page.getByRole("menuitem", { name: /^Columns/u }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").first().fill("");
  await page.keyboard.type("Ideas");
  await account.api.logOut();
  await page.waitForURL(/\/login/u);
  const name = page.getByLabel("User name", { exact: true });
  await name.waitFor();
  await page.keyboard.type(" and more");
  assert.equal(await name.inputValue(), "");
  await name.focus();
  await logIn(page, account.username);
  await dialog.waitFor();
  assert.equal((await values(dialog))[0], "Ideas");
  await app.close();
});

test("a new password that is sent without a login is typed still after it, and no password is blamed", async () => {
  const { account, app, page } = await somebody();
  await app.go("/profile");
  // The request for the list of logins would notice the logout before the button does.
  await page.getByText("This one", { exact: true }).waitFor();
  const [current, wanted] = ["Current password", "New password"].map((label) =>
    page.getByLabel(label),
  );
  await current.fill(PASSWORD);
  await wanted.fill("another horse battery 9");
  await account.api.logOut();
  await page.getByRole("button", { name: "Change password" }).click();
  await logIn(page, account.username);
  assert.equal(await current.inputValue(), PASSWORD);
  assert.equal(await wanted.inputValue(), "another horse battery 9");
  assert.deepEqual(await page.getByRole("alert").allInnerTexts(), []);
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("Your password is changed").first().waitFor();
  await app.close();
});

describe("what failed for want of a login is asked again at once after it", () => {
  for (const locale of ["en-GB", "de-DE"]) {
    test(`the list of boards after a reload (${locale})`, async () => {
      const { account, app, page } = await somebody({ locale });
      await app.go("/boards");
      await page.getByText("Launch").first().waitFor();
      await account.api.logOut();
      await page.reload();
      await page.waitForURL(/\/login/u);
      await logIn(page, account.username);
      await page.getByText("Launch").first().waitFor({ timeout: 5_000 });
      const words = await page.locator("body").innerText();
      assert.doesNotMatch(words, /logged in|token|angemeldet/u);
      await app.close();
    });
  }
});
