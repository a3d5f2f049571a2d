/**
 * How long requests wait beside guests that compute without a pause. Not a test: it prints its measurements.
 * Needs the host and the guest of its tests, built (`cargo test -p local-host` builds both).
 * `node local-host/tests/measure/computing-guests.mjs [milliseconds]`
 */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const target = resolve(import.meta.dirname, "../../../target");
const guest = join(target, "wasm32-wasip2/release/local_host_test_guest.wasm");
const milliseconds = Number(process.argv[2] ?? 4000);

const folder = mkdtempSync(join(tmpdir(), "computing-guests-"));
writeFileSync(
  join(folder, "spin.toml"),
  `spin_manifest_version = 2
application.name = "measure"
[[trigger.http]]
route = "/..."
component = "guest"
[component.guest]
source = "${guest}"
key_value_stores = ["default"]
`,
);
// One request per instance: the measured requests wait for other guests, not for their own.
const host = spawn(
  join(target, "debug/local-host"),
  ["--listen", "127.0.0.1:0", "--max-instance-concurrency", "1"],
  { cwd: folder, stdio: ["ignore", "ignore", "pipe"] },
);
let log = "";
host.stderr.on("data", (data) => (log += data));
try {
  const address = await until(() => /http:\/\/[\d.:]+/.exec(log)?.[0]);
  await ask(address, "count");
  for (const computing of [0, 1, 2, 4, 8, 12]) {
    log = "";
    const guests = Array.from({ length: computing }, () =>
      ask(address, "compute", String(milliseconds)),
    );
    const begun = () => log.split("computes from now on").length - 1;
    await until(() => begun() === computing);
    report(computing, await waits(address, milliseconds / 2));
    await Promise.all(guests);
  }
} finally {
  host.kill();
  rmSync(folder, { recursive: true });
}

/** The times of requests sent in sequence for this long. */
async function waits(address, time) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const seen = [];
  for (const end = performance.now() + time; performance.now() < end; ) {
    const asked = performance.now();
    await ask(address, "count", "", agent);
    seen.push(performance.now() - asked);
  }
  agent.destroy();
  return seen.sort((a, b) => a - b);
}

function report(computing, seen) {
  const at = (part) => seen[Math.ceil(part * seen.length) - 1].toFixed(1);
  console.log(
    `${String(computing).padStart(2)} computing: ${seen.length} requests, ` +
      `median ${at(0.5)} ms, 99 % within ${at(0.99)} ms, worst ${at(1)} ms`,
  );
}

function ask(address, action, argument = "", agent = undefined) {
  return new Promise((done, fail) => {
    const options = { agent, headers: { argument } };
    get(`${address}/${action}`, options, (answer) => {
      answer.resume().on("end", done);
    }).on("error", fail);
  });
}

async function until(condition) {
  for (;;) {
    const value = condition();
    if (value) {
      return value;
    }
    await new Promise((done) => setTimeout(done, 5));
  }
}
