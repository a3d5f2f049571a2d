/**
 * The cost of the admins' activity and of a board's analytics compared with reading one task (docs/performance.md),
 * on a board with 100,000 events in a year. Not a test: it prints its measurements.
 * `node measure/looked-at-often.mjs [requests] [repeats]`
 */

import { Agent, request } from "node:http";
import { accountsOf } from "../harness/api.mjs";
import { startServers } from "../harness/servers.mjs";

const [requests = 60, repeats = 3] = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const servers = await startServers({ full: true });
try {
  const ada = await accountsOf(servers.url).register("ada");
  await servers.makeAdmin("ada");
  const ask = (method, path, { body, coding } = {}) =>
    answered(new URL(path, servers.url), method, body, {
      authorization: `Bearer ${ada.token}`,
      "content-type": "application/json",
      ...(coding && { "accept-encoding": coding }),
    });
  const made = await ask("POST", "/api/boards", { body: { name: "Old" } });
  const { id } = JSON.parse(made.text);
  await servers.sql(history(id));
  let changes = 0;
  const change = () =>
    ask("PATCH", `/api/boards/${id}/tasks/12500`, {
      body: { title: `Changed ${(changes += 1)} times` },
    });
  const analytics = `/api/boards/${id}/analytics?tz=Europe/Berlin`;
  const kept = () => ask("GET", analytics);
  const keptGzip = () => ask("GET", analytics, { coding: "gzip" });
  const kinds = {
    "one task": { path: `/api/boards/${id}/tasks/12` },
    "analytics, kept": { before: kept, path: analytics },
    "analytics, kept, gzip": {
      before: keptGzip,
      path: analytics,
      coding: "gzip",
    },
    "analytics after a change": { before: change, path: analytics },
    "analytics after a change, gzip": {
      before: change,
      path: analytics,
      coding: "gzip",
    },
    "activity, 50": { path: "/api/admin/activity" },
    "activity, the longest page": { path: "/api/admin/activity?limit=1000" },
    "activity, nothing found": {
      path: "/api/admin/activity?action=Delete&entity=comment",
    },
  };
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const seen = new Map(Object.keys(kinds).map((name) => [name, []]));
    // Alternating, so that other load affects all of them.
    for (let nth = -5; nth < requests; nth += 1) {
      for (const [name, { before, path, coding }] of Object.entries(kinds)) {
        await before?.();
        const figures = await ask("GET", path, { coding });
        if (nth >= 0) {
          seen.get(name).push(figures);
        }
      }
    }
    report(seen);
  }
} finally {
  agent.destroy();
  await servers.stop();
}

/** An answer's text, its size, and its duration in milliseconds. */
function answered(url, method, body, headers) {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const sent = request(url, { method, agent, headers }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => {
        const time = performance.now() - begun;
        const all = Buffer.concat(parts);
        if (answer.statusCode >= 300) {
          reject(
            new Error(`${method} ${url} gave ${answer.statusCode}: ${all}`),
          );
        }
        resolve({ time, bytes: all.length, text: all.toString() });
      });
    });
    sent.on("error", reject);
    sent.end(body && JSON.stringify(body));
  });
}

/** Prints the medians, and their ratio to the first. */
function report(seen) {
  const median = (name) => {
    const times = seen.get(name).map(({ time }) => time);
    return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  };
  const [first] = seen.keys();
  for (const [name, figures] of seen) {
    const ratio = (median(name) / median(first)).toFixed(2);
    const bytes = figures.at(-1).bytes;
    console.log(
      `${name.padEnd(32)} ${median(name).toFixed(2)} ms ${ratio} × ${bytes} bytes`,
    );
  }
  console.log("");
}

/** Gives a board 12,500 tasks with up to eight events each: added, described again, moved twice. */
function history(board) {
  return `
CREATE TEMPORARY TABLE made AS
SELECT row_number() OVER (ORDER BY at, task, nth) AS seq, *
FROM (
  SELECT task, nth,
    now() - interval '365 days' + task * interval '42 minutes' + nth * nth * interval '1 hour' * (0.5 + task % 7 / 4.0) AS at,
    CASE WHEN nth < 3 THEN 'todo' WHEN nth < 7 THEN 'in_progress' ELSE 'finished' END AS status,
    CASE nth WHEN 0 THEN 'Add' WHEN 3 THEN 'Move' WHEN 7 THEN 'Move' ELSE 'Update' END AS action,
    CASE nth WHEN 0 THEN NULL WHEN 3 THEN '{"status": ["todo", "in_progress"]}'
      WHEN 7 THEN '{"status": ["in_progress", "finished"]}'
      ELSE '{"description": ["What was there before.", "What is there now."]}' END::jsonb AS changes
  FROM generate_series(1, 12500) AS task, generate_series(0, 7) AS nth) AS steps
WHERE at < now();
UPDATE boards SET created_at = now() - interval '366 days', flow_counted = false WHERE id = ${board};
INSERT INTO tasks (board_id, id, title, description, status, position, created_by, version, created_at, updated_at)
SELECT ${board}, task, 'Something to be done, number ' || task, 'What is there now.',
  (array_agg(status ORDER BY nth DESC))[1], 'a0' || lpad(task::text, 6, '0') || '5', 'ada', count(*), min(at), max(at)
FROM made GROUP BY task;
INSERT INTO events (board_id, seq, event, entity, action, task_id, created_at, era, transaction_id)
SELECT ${board}, made.seq,
  jsonb_strip_nulls(jsonb_build_object('board_id', board_id, 'seq', made.seq, 'timestamp', rfc3339(at),
    'action', made.action, 'entity', 'task', 'actor', jsonb_build_object('id', users.id, 'username', username),
    'task', task_json(tasks) || jsonb_build_object('status', made.status), 'changes', made.changes)),
  'task', made.action, task, at, (SELECT era FROM meta), pg_current_xact_id()
FROM made JOIN tasks ON board_id = ${board} AND tasks.id = task CROSS JOIN users;
UPDATE boards SET seq = (SELECT count(*) FROM made), next_task_id = 12501, updated_at = (SELECT max(at) FROM made)
WHERE id = ${board};
SELECT board_flow_count(${board});
ANALYZE;`;
}
