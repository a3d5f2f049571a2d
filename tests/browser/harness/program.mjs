/** One server process: started, awaited, and ended by its process id. */

import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** How long a server may take to listen, in milliseconds: it may compile first. */
const START_DEADLINE = 90_000;

/** @returns {Promise<number>} a port of 127.0.0.1 that was free a moment ago */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (
    server.address()
  );
  server.close();
  await once(server, "close");
  return port;
}

export class Program {
  /** @type {import("node:child_process").ChildProcess | null} */
  #child = null;

  /**
   * @param {{path: string, args: string[], env: Record<string, string>, cwd: string, log: string}} options
   */
  constructor(options) {
    this.options = options;
  }

  /** @returns {boolean} whether it was started and not ended since */
  get running() {
    return this.#child !== null;
  }

  /** Starts it and waits for its line "listening on http://…". */
  async start() {
    const { path, args, env, cwd, log } = this.options;
    const file = createWriteStream(log, { flags: "a" });
    const child = spawn(path, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    const listening = deferred();
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        file.write(`${line}\n`);
        if (line.includes("listening on http://")) {
          listening.resolve(undefined);
        }
      });
    }
    child.on("error", listening.reject);
    child.on("exit", (code, signal) => {
      listening.reject(
        new Error(
          `${path} ended (${code ?? signal}) before it listened; see ${log}`,
        ),
      );
    });
    const late = setTimeout(
      () =>
        listening.reject(
          new Error(
            `${path} did not listen within ${START_DEADLINE} ms; see ${log}`,
          ),
        ),
      START_DEADLINE,
    );
    try {
      await listening.promise;
    } finally {
      clearTimeout(late);
    }
  }

  /** @param {NodeJS.Signals} [signal] @returns {Promise<void>} once the process has ended */
  async end(signal = "SIGTERM") {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    const gone = once(child, "exit");
    child.kill(signal);
    // A process that does not end when asked is killed.
    const force = setTimeout(() => child.kill("SIGKILL"), 15_000);
    await gone;
    clearTimeout(force);
  }
}

/** `Promise.withResolvers` of newer versions of Node.js. */
function deferred() {
  let resolve = () => {};
  let reject = () => {};
  const promise = new Promise((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
