/** E-mail addresses and forgotten passwords, in the browser and with a real mail server. */

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { PASSWORD } from "../harness/api.mjs";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { mailServer, mailVariables } from "../harness/mail.mjs";
import { useStage } from "../harness/stage.mjs";

let post;
const stage = useStage({
  full: true,
  variables: async () => {
    post = await mailServer();
    return mailVariables(`smtp://127.0.0.1:${post.port}?tls=none`);
  },
});
after(() => post?.stop());

const path = (link) => link.slice(stage.servers.url.length);
const NEW = "quite another battery";

test("API-EMAIL, API-FORGOT: from an address that is confirmed over a forgotten password back to the board", async () => {
  const ada = await stage.accounts.register("ada");
  const board = await ada.api.addBoard("Plan");
  await ada.api.addTask(board.id, { title: "Remember" });
  const app = await openApp(stage, { account: ada });
  const { page } = app;
  const button = (name) => page.getByRole("button", { name, exact: true });

  await app.go("/profile");
  await button("Add an address…").click();
  const dialog = page.getByRole("dialog");
  await dialog
    .getByLabel("E-mail address", { exact: true })
    .fill("ada@mail.example");
  await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await dialog.getByRole("button", { name: "Send the mail" }).click();
  await page.getByText(/A mail is on its way to/u).waitFor();
  const first = await post.mailTo("ada@mail.example");
  await button("Send it again").click();
  const second = await post.mailTo("ada@mail.example", 1);

  await app.go(path(first.link));
  await button("Confirm the address").click();
  await page.getByText("This link is not valid").waitFor();
  await app.go("/");
  await app.go(path(second.link));
  await button("Confirm the address").click();
  await page.getByText(/ada@mail\.example.*, confirmed on/u).waitFor();
  assert.ok(!page.url().includes(second.token), "not in the URL");

  // A user on another device who remembers only their address.
  const other = await openApp(stage);
  const on = (name) => other.page.getByRole("button", { name, exact: true });
  await other.go("/login");
  await on("Forgot your password?").click();
  const asking = other.page.getByRole("dialog");
  await asking
    .getByLabel("User name or e-mail address", { exact: true })
    .fill("ada@mail.example");
  await asking.getByRole("button", { name: "Send the mail" }).click();
  await asking.getByText(/If there is such an account/u).waitFor();
  const mail = await post.mailTo("ada@mail.example", 2);
  await other.go(path(mail.link));
  await other.page.getByLabel("New password", { exact: true }).fill(NEW);
  await on("Set the password").click();
  await other.page.getByText(/The password of .*ada.* is set/u).waitFor();
  await other.page.getByLabel("Password", { exact: true }).fill(NEW);
  await on("Log in").click();
  await other.page.getByRole("link", { name: /Plan/u }).first().click();
  await other.board.card("Remember").waitFor();
  await app.close();
  await other.close();
});

test("API-INVITATION: an owner has a link mailed, which leads to the board", async () => {
  const bea = await stage.accounts.register("bea");
  const board = await bea.api.addBoard("Feast");
  const app = await openApp(stage, { account: bea });
  await app.go(`/boards/${board.id}/members`);
  await app.page.getByRole("button", { name: /Invite by link/u }).click();
  const dialog = app.page.getByRole("dialog");
  await dialog.getByLabel("Mail it to (optional)").fill("cal@mail.example");
  await dialog.getByRole("button", { name: "Make a link" }).click();
  await dialog.getByText(/is on its way to .*cal@mail\.example/u).waitFor();
  const mail = await post.mailTo("cal@mail.example");
  const cal = await stage.accounts.register("cal");
  const guest = await openApp(stage, { account: cal });
  await guest.go(path(mail.link));
  await guest.page.getByRole("button", { name: "Join" }).click();
  await eventually("the board is open", () =>
    guest.page.url().endsWith(`/boards/${board.id}`),
  );
  await app.close();
  await guest.close();
});
