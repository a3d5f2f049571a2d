/** Guards the fake server: it answers as docs/contract/board.json says, which the real one is asked as well. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { BoardPatch, NewComment, NewTask, TaskPatch } from "../generated/api";
import type { Acknowledged } from "../sync";
import { isRecord } from "../utilities/problem";
import { RequestError } from "../utilities/request";
import { FakeServer } from "./fake-server";

type Method = "GET" | "POST" | "PATCH" | "DELETE";

type Step = { readonly [M in Method]?: string } & {
  readonly body?: unknown;
  readonly version?: number;
  readonly key?: string;
  readonly answer: number;
  readonly seq?: number | null;
  readonly gives?: unknown;
};

interface Case {
  readonly rule: string;
  readonly what: string;
  readonly steps: readonly Step[];
}

interface Answer {
  readonly status: number;
  readonly seq: number | null;
  readonly body: unknown;
}

const file = join(__dirname, "../../../docs/contract/board.json");
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { readonly cases: readonly Case[] };

/** What a route does; `ids` are the numbers in its path. */
type Route = (server: FakeServer, step: Step, ids: readonly number[]) => Answer;

const told = (body: unknown): Answer => ({ status: 200, seq: null, body });
const done = (status: number, { value, seq }: Acknowledged<unknown>): Answer => ({
  status,
  seq,
  body: value,
});

const ROUTES: Readonly<Record<string, Route>> = {
  "GET ": (server) => {
    const { head, tasks } = server.snapshot();
    const order = head.columns.flatMap(({ key }) => server.column(key));
    const sorted = [...tasks].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
    return told({ ...head, tasks: sorted });
  },
  "PATCH ": (server, { body, version }) =>
    done(200, server.changeHead(body as BoardPatch, "ada", version)),
  "GET /events?after=0": (server, _step, [after = 0]) =>
    told({ items: server.events.filter(({ seq }) => seq > after) }),
  "POST /events/0/undo": (server, step, [seq = 0]) =>
    done(
      201,
      keyed(server, step, () => server.undo(seq, "ada")),
    ),
  "POST /tasks": (server, step) =>
    done(
      201,
      keyed(server, step, () => server.add(step.body as NewTask, "ada")),
    ),
  "GET /tasks/0": (server, _step, [id = 0]) => told(server.find(id)),
  "PATCH /tasks/0": (server, { body, version }, [id = 0]) =>
    done(200, server.change(id, body as TaskPatch, "ada", version)),
  "DELETE /tasks/0": (server, { version }, [id = 0]) =>
    done(204, server.delete(id, "ada", version)),
  "POST /tasks/0/comments": (server, step, [id = 0]) =>
    done(
      201,
      keyed(server, step, () => server.comment(id, (step.body as NewComment).body, "ada")),
    ),
  "PATCH /tasks/0/comments/0": (server, { body, version = 0 }, [, id = 0]) =>
    done(200, server.changeComment(id, (body as NewComment).body, version)),
  "DELETE /tasks/0/comments/0": (server, _step, [, id = 0]) => done(204, server.deleteComment(id)),
};

function keyed<T>(
  server: FakeServer,
  { key, body }: Step,
  work: () => Acknowledged<T>,
): Acknowledged<T> {
  return key === undefined ? work() : server.once(key, body, work);
}

function ask(server: FakeServer, step: Step): Answer {
  const methods: readonly Method[] = ["GET", "POST", "PATCH", "DELETE"];
  const method = methods.find((each) => step[each] !== undefined) ?? "GET";
  const path = step[method] ?? "";
  const route = ROUTES[`${method} ${path.replace(/\d+/g, "0")}`];
  if (route === undefined) throw new Error(`no route: ${method} ${path}`);
  try {
    return route(server, step, (path.match(/\d+/g) ?? []).map(Number));
  } catch (error) {
    if (error instanceof RequestError) {
      return { status: error.status, seq: null, body: error.problem };
    }
    throw error;
  }
}

/** What of a value an expected one speaks of: an object may have more members. */
function part(value: unknown, expected: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(expected)) {
    return value.map((each, nth) => part(each, expected[nth]));
  }
  return isRecord(value) && isRecord(expected)
    ? Object.fromEntries(
        Object.entries(expected).map(([name, each]) => [name, part(value[name], each)]),
      )
    : value;
}

test.each(cases)("$rule: $what", ({ steps }) => {
  const server = new FakeServer();
  for (const step of steps) {
    const { status, seq, body } = ask(server, step);
    const given = {
      status,
      seq: step.seq === undefined ? undefined : seq,
      body: part(body, step.gives),
    };
    const { answer, gives } = step;
    const expected = { status: answer, seq: step.seq, body: gives };
    // What is not asked for.
    if (gives === undefined) given.body = undefined;
    expect([step, given]).toEqual([step, expected]);
  }
});
