/** What a file's tests share: the servers, a browser, people with accounts, and direct access to the API. */

import { after, before } from "node:test";
import { accountsOf, apiOf } from "./api.mjs";
import { startBrowser } from "./browser.mjs";
import { startServers } from "./servers.mjs";

/**
 * @typedef {object} Stage
 * @property {import("./servers.mjs").Servers} servers
 * @property {import("playwright-core").Browser | null} browser
 * @property {ReturnType<typeof apiOf>} api
 * @property {ReturnType<typeof accountsOf>} accounts
 */

/**
 * The stage of a test file: it exists from before the first test until after the last. Tests share
 * it and the people, and create what they change themselves (a board each), so that each can run
 * alone and in any order.
 *
 * @param {object} [options]
 * @param {boolean} [options.full] with accounts, PostgreSQL and Redis
 * @param {boolean} [options.browser]
 * @param {Record<string, string> | (() => Promise<Record<string, string>>)} [options.variables] of the
 *   servers' environment; a function if something else has to be started for them
 * @param {string[]} [options.accounts] who is registered
 * @param {string[]} [options.admins] who is registered and made an admin
 * @param {() => unknown} [options.ready] further steps before the first test: a file's own `before` would not
 *   wait for the stage, since Node.js 20 runs a file's hooks concurrently
 * @returns {Stage & {people: Record<string, import("./api.mjs").Person>}} empty until it is ready, and so is
 *   each of its people
 */
export function useStage({
  accounts = [],
  admins = [],
  variables = {},
  ready,
  ...options
} = {}) {
  const people = Object.fromEntries(
    [...accounts, ...admins].map((name) => [name, {}]),
  );
  const stage = { people };
  before(async () => {
    const settings =
      typeof variables === "function" ? await variables() : variables;
    Object.assign(stage, await startStage({ ...options, variables: settings }));
    const enter = async (name) => {
      let person = await stage.accounts.register(name);
      if (admins.includes(name)) {
        await stage.servers.makeAdmin(name);
        person = await stage.accounts.logIn(name);
      }
      Object.assign(people[name], person);
    };
    await Promise.all(Object.keys(people).map(enter));
    await ready?.();
  });
  after(async () => {
    await stage.browser?.close();
    await stage.servers?.stop();
  });
  return stage;
}

/**
 * Starts everything. If a part does not start, the others are ended: a running one would keep the
 * test process from ending.
 *
 * @param {{full?: boolean, browser?: boolean, variables?: Record<string, string>}} [options] as above
 * @returns {Promise<Stage>}
 */
export async function startStage({ browser: wanted = true, ...options } = {}) {
  const parts = await Promise.allSettled([
    startServers(options),
    wanted ? startBrowser() : null,
  ]);
  const [servers, browser] = parts.map(({ value }) => value);
  const failed = parts.find(({ status }) => status === "rejected");
  if (failed) {
    await browser?.close();
    await servers?.stop();
    throw failed.reason;
  }
  return {
    servers,
    browser,
    api: apiOf(servers.url),
    accounts: accountsOf(servers.url),
  };
}
