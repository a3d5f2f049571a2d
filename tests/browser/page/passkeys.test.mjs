/** Passkeys in the browser, with Chromium's virtual authenticator. */

import AxeBuilder from "@axe-core/playwright";
import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD } from "../harness/api.mjs";
import { openApp } from "../harness/app.mjs";
import { useStage } from "../harness/stage.mjs";

const stage = useStage({
  full: true,
  ready: () => {
    // Passkeys need host names: no browser creates one for an IP address.
    const { port } = new URL(stage.servers.url);
    stage.servers = { ...stage.servers, url: `http://localhost:${port}` };
  },
});

/** A window with a virtual authenticator, and its user's reaction to prompts. */
async function openWithAuthenticator(account = null) {
  const app = await openApp(stage, { account });
  const cdp = await app.context.newCDPSession(app.page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send(
    "WebAuthn.addVirtualAuthenticator",
    {
      options: {
        protocol: "ctap2",
        ctap2Version: "ctap2_1",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    },
  );
  const verifies = (isUserVerified) =>
    cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
  return { app, page: app.page, verifies };
}

async function isAccessible(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map(({ id }) => id),
    [],
  );
}

async function logOut({ app, page }) {
  await app.go("/profile");
  await page
    .getByRole("main")
    .getByRole("button", { name: "Log out", exact: true })
    .click();
  await page.waitForURL(`${stage.servers.url}/`);
  await app.go("/login");
}

async function signIn(page) {
  const button = page.getByRole("button", { name: "Sign in with a passkey" });
  await button.focus();
  await page.keyboard.press("Enter");
}

test("API-PASSKEY: a user adds a passkey, logs out, and logs in with it alone; once removed it no longer works", async () => {
  const window = await openWithAuthenticator(
    await stage.accounts.register("keyholder"),
  );
  const { app, page, verifies } = window;
  await app.go("/profile");
  await page.getByText("You have no passkey yet.").waitFor();
  await page.getByRole("button", { name: "Add a passkey…" }).click();
  const dialog = page.getByRole("dialog");
  const name = dialog.getByRole("textbox", { name: "Name" });
  assert.match(await name.inputValue(), /^Chrome on /u);
  await name.fill("My laptop");
  await isAccessible(page);
  await page.keyboard.press("Enter");
  await dialog.getByText("Type your password.").waitFor();
  await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page
    .getByText("You can log in with the passkey from now on.")
    .waitFor();
  await page.getByText(/^added .* not used yet$/u).waitFor();

  await page.getByRole("button", { name: "Rename passkey My laptop" }).click();
  await name.fill("Work");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Rename passkey Work" }).waitFor();
  await isAccessible(page);

  await logOut(window);
  await verifies(false);
  await signIn(page);
  await page
    .getByText(/^There was no passkey for this site, or you/u)
    .waitFor();
  await isAccessible(page);
  await verifies(true);
  await signIn(page);
  await page.getByRole("heading", { name: "Boards", level: 1 }).waitFor();
  await app.go("/profile");
  await page.getByText(/^added .* last used /u).waitFor();

  await page.getByRole("button", { name: "Remove passkey Work" }).click();
  await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByText("You have no passkey yet.").waitFor();
  await logOut(window);
  await signIn(page);
  await page.getByText(/^This passkey is not valid here/u).waitFor();
  await app.close();
});

test("API-PASSKEY: a dialog about a passkey that is removed elsewhere stays, and says so when it is sent", async () => {
  const account = await stage.accounts.register("twofold");
  const { app, page } = await openWithAuthenticator(account);
  await app.go("/profile");
  await page.getByRole("button", { name: "Add a passkey…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill("Key");
  await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.keyboard.press("Enter");
  const rename = page.getByRole("button", { name: "Rename passkey Key" });
  await rename.click();
  await dialog.getByRole("textbox", { name: "Name" }).fill("Typed");

  const passkeys = `${stage.servers.url}/api/auth/passkeys`;
  const headers = {
    Authorization: `Bearer ${account.token}`,
    "Content-Type": "application/json",
  };
  const { items } = await (await fetch(passkeys, { headers })).json();
  const removed = await fetch(`${passkeys}/${items[0].id}/remove`, {
    method: "POST",
    headers,
    body: JSON.stringify({ password: PASSWORD }),
  });
  assert.equal(removed.status, 204);
  // The event of returning from another tab.
  await page.evaluate(() =>
    window.dispatchEvent(new Event("visibilitychange")),
  );
  await rename.waitFor({ state: "detached" });
  assert.equal(
    await dialog.getByRole("textbox", { name: "Name" }).inputValue(),
    "Typed",
  );
  await page.keyboard.press("Enter");
  await dialog
    .getByRole("alert")
    .getByText(/passkey/u)
    .first()
    .waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.waitForFunction(
    () => document.activeElement.textContent === "Passkeys",
  );
  await app.close();
});

test("API-PASSKEY-CHECK: under another address than the server's origin no browser gives a passkey, and the page says why", async () => {
  // The same servers under their IP address, which cannot have passkeys.
  const app = await openApp(stage);
  const { port } = new URL(stage.servers.url);
  await app.page.goto(`http://127.0.0.1:${port}/login`);
  const button = app.page.getByRole("button", {
    name: "Sign in with a passkey",
  });
  await button.click();
  await app.page.getByText(/^Passkeys do not work at this address/u).waitFor();
  await app.close();
});
