/** What every test of the app needs: the servers, a browser, and a way to the API beside it. */

import { accountsOf, apiOf } from "./api.mjs";
import { startBrowser } from "./browser.mjs";
import { startServers } from "./servers.mjs";

/**
 * Starts all of it. Where a part does not start, the others are ended: one left running would keep
 * the test process from ending.
 *
 * @param {{full?: boolean, variables?: Record<string, string>}} [options] `full`: with accounts, PostgreSQL and
 *   Redis; `variables`: of the servers' environment
 * @returns {Promise<{servers: import("./servers.mjs").Servers, browser: import("playwright-core").Browser, api: ReturnType<typeof apiOf>, accounts: ReturnType<typeof accountsOf>}>}
 */
export async function startStage(options) {
  const parts = await Promise.allSettled([
    startServers(options),
    startBrowser(),
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
