/**
 * Writes `src/generated/api.ts` from the description that a running server gives of its API:
 * `npm run types -- http://127.0.0.1:3000`.
 */

import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import openapi, { astToString } from "openapi-typescript";

const HEAD = `/** The types of the wire, made from the API's description by scripts/types.mjs: never edited. */

`;

/**
 * @param {object} description an OpenAPI document
 * @returns {Promise<string>} a TypeScript module: each schema under its own name
 */
export async function generateTypes(description) {
  const tree = await openapi(description, { rootTypes: true, rootTypesNoSchemaPrefix: true });
  return HEAD + astToString(tree);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = process.argv[2] ?? "http://127.0.0.1:3000";
  const answer = await fetch(new URL("/api/openapi.json", server));
  if (!answer.ok) {
    throw new Error(`${server} gives no description: ${answer.status}`);
  }
  const file = new URL("../src/generated/api.ts", import.meta.url);
  await writeFile(file, await generateTypes(await answer.json()));
  console.log(`wrote ${fileURLToPath(file)}`);
}
