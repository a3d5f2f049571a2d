/** The page before the app has loaded, and the title of a page that cannot be shown. */

import AxeBuilder from "@axe-core/playwright";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { useStage } from "../harness/stage.mjs";

const stage = useStage({ full: true });

describe("while the program of the app is on its way, the page says so", () => {
  for (const colorScheme of ["light", "dark"]) {
    test(`${colorScheme}: with nothing that axe finds, and it is gone with the app's first screen`, async () => {
      const app = await openApp(stage, {
        options: { colorScheme, viewport: { width: 390, height: 844 } },
      });
      const { page } = app;
      let release = () => undefined;
      const released = new Promise((resolve) => {
        release = resolve;
      });
      await page.route("**/*.js", async (route) => {
        await released;
        await route.continue();
      });
      await page.goto(`${stage.servers.url}/`, { waitUntil: "commit" });
      await page.getByRole("status").filter({ hasText: "Loading…" }).waitFor();
      await page.getByRole("heading", { name: "Taskboard" }).waitFor();
      const { violations } = await new AxeBuilder({ page }).analyze();
      assert.deepEqual(
        violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
        [],
      );
      release();
      await page.locator(".start").waitFor({ state: "detached" });
      await page.getByRole("main").waitFor();
      assert.deepEqual(app.faults(), []);
      await app.close();
    });
  }
});

test("a board that there is not is called so in the title and the first heading", async () => {
  const ada = await stage.accounts.register("ada");
  const app = await openApp(stage, { account: ada });
  await app.go("/boards/999999");
  const words = "There is no such board, or you are not a member of it.";
  await eventually(
    "the title says it",
    async () => (await app.page.title()) === `${words} · Taskboard`,
  );
  const heading = app.page.getByRole("heading", { level: 1 });
  assert.equal(await heading.textContent(), words);
  await app.close();
});
