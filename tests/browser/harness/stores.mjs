/** A test's own PostgreSQL and Redis, on free ports, with their data in a temporary folder. */

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chownSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
} from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { eventually } from "./eventually.mjs";
import { freePort } from "./program.mjs";

const run = promisify(execFile);

/** Debian's folder of PostgreSQL's programs, with a subfolder per version. */
const POSTGRESQL = "/usr/lib/postgresql";

/** The user that PostgreSQL runs as if these tests are root, since it refuses to run as root. */
const POSTGRES_USER = "postgres";

/**
 * @typedef {object} Stores
 * @property {Record<string, string>} environment for the host and the relay
 * @property {(statements: string) => Promise<unknown>} sql runs statements in the database
 * @property {() => Promise<void>} stop
 */

/**
 * @param {string} migrate path of the program that makes the schema
 * @returns {Promise<Stores>} both running, the database migrated
 */
export async function startStores(migrate) {
  const folder = mkdtempSync(join(tmpdir(), "taskboard-stores-"));
  const children = [];
  const stop = async () => {
    await Promise.all(children.map(end));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [database, redis] = [await freePort(), await freePort()];
    children.push(
      await startPostgres(folder, database),
      startRedis(folder, redis),
    );
    await Promise.all(
      [database, redis].map((port) =>
        eventually("a store", () => listens(port), 60_000),
      ),
    );
    const url = `postgres://taskboard@127.0.0.1:${database}/postgres`;
    await eventually(
      "the schema is created",
      async () => {
        await run(migrate, [], { env: { ...process.env, DATABASE_URL: url } });
        return true;
      },
      60_000,
    );
    const environment = {
      SPIN_VARIABLE_DATABASE_URL: url,
      SPIN_VARIABLE_DATABASE_HOST: `postgres://127.0.0.1:${database}`,
      SPIN_VARIABLE_REDIS_URL: `redis://127.0.0.1:${redis}/0`,
      SPIN_VARIABLE_REDIS_HOST: `redis://127.0.0.1:${redis}`,
      SPIN_VARIABLE_COOKIE_SECURE: "false",
    };
    const sql = (statements) =>
      run(postgresProgram("psql"), [
        "--no-psqlrc",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        `--command=${statements}`,
        url,
      ]);
    return { environment, sql, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param {string} folder @param {number} port */
async function startPostgres(folder, port) {
  const data = join(folder, "postgres");
  if (process.getuid?.() === 0) {
    const { stdout } = await run("id", ["-u", POSTGRES_USER]);
    chownSync(folder, Number(stdout), -1);
  }
  const [initdb, ...rest] = asPostgres(postgresProgram("initdb"), [
    "--username=taskboard",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
    `--pgdata=${data}`,
  ]);
  await run(initdb, rest, { cwd: "/" });
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "max_connections=200",
  ];
  const [server, ...words] = asPostgres(postgresProgram("postgres"), [
    "-D",
    data,
    "-p",
    String(port),
    ...settings.flatMap((setting) => ["-c", setting]),
  ]);
  return start(server, words, join(folder, "postgres.log"), "SIGINT");
}

/** @param {string} folder @param {number} port */
function startRedis(folder, port) {
  const words = [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--save",
    "",
    "--dir",
    folder,
  ];
  return start("redis-server", words, join(folder, "redis.log"), "SIGTERM");
}

/** @param {string} program @param {string[]} words */
function asPostgres(program, words) {
  // `setpriv` executes the program in its own process, so that the process id is the server's.
  const user = [
    "setpriv",
    `--reuid=${POSTGRES_USER}`,
    `--regid=${POSTGRES_USER}`,
    "--clear-groups",
  ];
  return process.getuid?.() === 0
    ? [...user, program, ...words]
    : [program, ...words];
}

/** @param {string} name @returns {string} of the newest version that is installed */
function postgresProgram(name) {
  const versions = existsSync(POSTGRESQL) ? readdirSync(POSTGRESQL) : [];
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  return newest ? join(POSTGRESQL, newest, "bin", name) : name;
}

/** @param {string} program @param {string[]} words @param {string} log @param {NodeJS.Signals} signal */
function start(program, words, log, signal) {
  const output = openSync(log, "a");
  const child = spawn(program, words, {
    cwd: "/",
    stdio: ["ignore", output, output],
  });
  return { child, signal };
}

/** @param {{child: import("node:child_process").ChildProcess, signal: NodeJS.Signals}} server */
async function end({ child, signal }) {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }
}

/** @param {number} port @returns {Promise<boolean>} */
function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}
