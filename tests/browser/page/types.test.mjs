import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { useStage } from "../harness/stage.mjs";

const APP = resolve(import.meta.dirname, "../../../app");

const stage = useStage({ browser: false });

test("The app's wire types are what the description served today gives", async () => {
  const { generateTypes } = await import(
    pathToFileURL(`${APP}/scripts/types.mjs`).href
  );
  const answer = await fetch(`${stage.servers.url}/api/openapi.json`);
  const wanted = await generateTypes(await answer.json());
  const kept = await readFile(`${APP}/src/generated/api.ts`, "utf8");
  assert.equal(
    kept,
    wanted,
    "run `npm run types -- http://127.0.0.1:3000` in app/ while `cargo xtask up` runs",
  );
});
