import assert from "node:assert/strict";
import { test } from "node:test";
import { openWindow } from "../harness/browser.mjs";
import { eventually } from "../harness/eventually.mjs";
import { useStage } from "../harness/stage.mjs";

const stage = useStage();

test("api: /docs lists every operation, tries one out, and asks nobody but this server", async () => {
  const { servers, browser, api } = stage;
  const description = await (
    await fetch(`${servers.url}/api/openapi.json`)
  ).json();
  const count = Object.values(description.paths).flatMap((path) =>
    Object.keys(path),
  ).length;
  await api.addBoard("Shown in the documentation");
  const { context, page, errors } = await openWindow(browser);
  const foreign = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol !== "data:" && url.origin !== servers.url) {
      foreign.push(request.url());
    }
  });
  await page.goto(`${servers.url}/docs`);
  const operations = page.locator(".opblock");
  await eventually(
    "every operation is listed",
    async () => (await operations.count()) === count,
  );

  const list = page.locator("[id$=-listQuickWinBoards]");
  await list.locator(".opblock-summary-control").click();
  await list.getByRole("button", { name: "Execute" }).click();
  const answer = list.locator(".live-responses-table");
  await eventually("the answer is shown", async () =>
    (await answer.textContent()).includes("Shown in the documentation"),
  );
  assert.deepEqual(foreign, []);
  assert.deepEqual(errors, []);
  await context.close();
});
