/** The real host and the real relay on free ports, with logs in a temporary folder. */

import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { freePort, Program } from "./program.mjs";
import { startStores } from "./stores.mjs";

const ROOT = resolve(import.meta.dirname, "../../..");
const PROGRAMS = resolve(ROOT, process.env.TASKBOARD_BIN_DIR ?? "target/debug");

/**
 * @typedef {object} Servers
 * @property {string} url of the host
 * @property {Program} host
 * @property {Program} relay
 * @property {string} logs the folder
 * @property {(username: string) => Promise<unknown>} makeAdmin in state-of-the-art mode
 * @property {() => Promise<void>} stop
 */

/**
 * @param {{full?: boolean}} [options] `full`: state-of-the-art mode, with a PostgreSQL and a Redis
 * @returns {Promise<Servers>} both running
 */
export async function startServers({ full = false, variables = {} } = {}) {
  for (const name of [
    "local-host",
    "realtime-relay",
    ...(full ? ["migrate", "make-admin"] : []),
  ]) {
    if (!existsSync(join(PROGRAMS, name))) {
      throw new Error(
        `${name} is not in ${PROGRAMS}: build it first, or set TASKBOARD_BIN_DIR`,
      );
    }
  }
  const logs = await mkdtemp(join(tmpdir(), "taskboard-browser-"));
  const [hostPort, relayPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${hostPort}`;
  const named = `http://localhost:${hostPort}`;
  const relayUrl = `http://127.0.0.1:${relayPort}`;
  const stores = full ? await startStores(join(PROGRAMS, "migrate")) : null;
  const env = {
    ...stores?.environment,
    SPIN_VARIABLE_RELAY_URL: relayUrl,
    // Like `cargo xtask up`.
    SPIN_VARIABLE_RELAY_PUBLIC_URL: `:${relayPort}`,
    SPIN_VARIABLE_RELAY_SECRET: randomBytes(24).toString("hex"),
    SPIN_VARIABLE_JWT_SECRET: randomBytes(32).toString("hex"),
    SPIN_VARIABLE_CORS_ORIGINS: `${url},${named}`,
    SPIN_VARIABLE_PUBLIC_ORIGIN: named,
    RELAY_APP_URL: url,
    // Tests write faster than people.
    SPIN_VARIABLE_WRITE_BURST: "1000000",
    SPIN_VARIABLE_WRITES_PER_SECOND: "1000000",
    ...variables,
  };
  const program = (name, args) =>
    new Program({
      path: join(PROGRAMS, name),
      args,
      env,
      cwd: ROOT,
      log: join(logs, `${name}.log`),
    });
  const host = program("local-host", [
    "--from",
    join(ROOT, "spin.toml"),
    "--listen",
    `127.0.0.1:${hostPort}`,
  ]);
  const relay = program("realtime-relay", [
    "--listen",
    `127.0.0.1:${relayPort}`,
    "--functions-url",
    url,
  ]);
  const stop = async () => {
    await Promise.all([host.end(), relay.end()]);
    await stores?.stop();
  };
  try {
    await Promise.all([host.start(), relay.start()]);
  } catch (error) {
    await stop();
    throw error;
  }
  const makeAdmin = (username) =>
    promisify(execFile)(join(PROGRAMS, "make-admin"), [username], {
      env: {
        ...process.env,
        DATABASE_URL: env.SPIN_VARIABLE_DATABASE_URL,
        REDIS_URL: env.SPIN_VARIABLE_REDIS_URL,
      },
    });
  return { url, host, relay, logs, makeAdmin, sql: stores?.sql, stop };
}
