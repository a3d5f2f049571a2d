/**
 * The cost of a login compared with its password hash. Not a test: it prints its measurements.
 * Needs a running, otherwise idle task board (`cargo xtask up --full`).
 * `node bench/measure/logins.mjs ADDRESS LOGINS HOST POSTGRES REDIS`: its address, the number of logins, and
 * the ids of these processes.
 */

import { Agent, request } from "node:http";
import { readFileSync, readdirSync } from "node:fs";

const [address, count, ...ids] = process.argv.slice(2);
const logins = Number(count);
const names = ["the host", "PostgreSQL", "Redis"];
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const person = {
  username: `measured-${Date.now().toString(36)}`,
  password: "correct horse",
};

await post("/api/auth/register", person, 201);
const warm = await post("/api/auth/login", person, 200);
if (!/hash;dur=/.test(warm.timing))
  throw new Error(`no hash in Server-Timing: ${warm.timing}`);

const before = processorTime();
const seen = [];
for (let number = 0; number < logins; number++) {
  const begun = performance.now();
  const { timing } = await post("/api/auth/login", person, 200);
  const whole = performance.now() - begun;
  seen.push({ whole, hash: Number(/hash;dur=([\d.]+)/.exec(timing)[1]) });
}
const after = processorTime();

const hash = median(seen.map((login) => login.hash));
console.log(`${logins} logins, one after the other; medians`);
console.log(
  `  the hash ${hash.toFixed(2)} ms, the login ${median(seen.map((login) => login.whole)).toFixed(2)} ms`,
);
console.log(
  `  login ÷ hash, each: ${median(seen.map((login) => login.whole / login.hash)).toFixed(3)}`,
);
for (const [index, name] of names.entries()) {
  // A tick is 10 ms on every Linux of today.
  const each = ((after[index] - before[index]) * 10) / logins;
  console.log(
    `  processor time of ${name}: ${each.toFixed(2)} ms a login, ${(each / hash).toFixed(3)} of the hash`,
  );
}
agent.destroy();

/** Status and Server-Timing of an answer. */
function post(path, body, status) {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const sent = request(
      address + path,
      { method: "POST", agent, headers },
      (answer) => {
        let text = "";
        answer.on("data", (data) => (text += data));
        answer.on("end", () => {
          if (answer.statusCode !== status)
            reject(new Error(`${answer.statusCode}: ${text}`));
          resolve({ timing: String(answer.headers["server-timing"]) });
        });
      },
    );
    sent.on("error", reject);
    sent.end(JSON.stringify(body));
  });
}

/** The CPU time of each process and its descendants, in ticks. */
function processorTime() {
  const all = new Map();
  for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${id}/stat`, "utf8");
      const fields = stat
        .slice(stat.lastIndexOf(")") + 2)
        .split(" ")
        .map(Number);
      all.set(id, {
        parent: String(fields[1]),
        ticks: fields.slice(11, 15).reduce((a, b) => a + b),
      });
    } catch {
      // It has ended.
    }
  }
  const spent = (id) =>
    [...all]
      .filter(([, it]) => it.parent === id)
      .reduce((sum, [child]) => sum + spent(child), all.get(id).ticks);
  return ids.map(spent);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
