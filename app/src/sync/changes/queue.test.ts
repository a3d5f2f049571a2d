/** The queue, the rebase and the overlay as pure functions. */

import * as fc from "fast-check";
import { aSnapshot, aTask } from "../../testing/boards";
import type { AddTask, ChangeTask, Command, MoveTask } from "./commands";
import { same, valuesOf, withValues } from "./commands";
import { NOTHING, project, unconfirmed } from "../overlay";
import { EMPTY, acknowledged, enqueued, sending } from "./queue";
import { rebase } from "./rebase";
import { Replica } from "../replica";
import { refused } from "./troubles";

const queued = { at: 1, sent: false, epoch: null, subject: "One" };
const add = (id: string, task: number): AddTask => ({
  ...queued,
  kind: "add",
  id,
  task,
  details: { title: "New", status: "todo" },
  before: null,
});
const change = (id: string, task: number, title: string, base = "One"): ChangeTask => ({
  ...queued,
  kind: "change",
  id,
  task,
  base: { title: base },
  values: { title },
});
const move = (
  id: string,
  task: number,
  status: string,
  before: number | null = null,
): MoveTask => ({
  ...queued,
  kind: "move",
  id,
  task,
  from: "todo",
  place: { status, before },
});
const fill = (...commands: readonly Command[]) => commands.reduce(enqueued, EMPTY);

describe("queue", () => {
  test("changes of one task that were not sent coalesce into one, based on what the first one saw", () => {
    const { commands } = fill(change("a", 1, "Uno"), change("b", 1, "Eins", "Uno"));
    expect(commands).toEqual([{ ...change("a", 1, "Eins") }]);
  });

  test("a change that was sent is not merged with later ones: its response may be on the way", () => {
    const queue = sending(fill(change("a", 1, "Uno")), "a", 0);
    expect(enqueued(queue, change("b", 1, "Eins", "Uno")).commands).toHaveLength(2);
  });

  test("a new task absorbs changes made before it is sent; deleted, it is never sent", () => {
    const renamed = fill(add("a", -1), change("b", -1, "Newer"), move("c", -1, "finished"));
    expect(renamed.commands).toMatchObject([
      { id: "a", kind: "add", details: { title: "Newer", status: "finished" } },
    ]);
    const gone = { ...queued, kind: "delete", id: "d", task: -1, base: null } as const;
    expect(enqueued(renamed, gone).commands).toEqual([]);
  });

  test("a move is not coalesced across the creation of the task that it goes before", () => {
    const { commands } = fill(move("a", 1, "finished"), add("b", -1), move("c", 1, "todo", -1));
    expect(commands.map(({ id }) => id)).toEqual(["a", "b", "c"]);
  });

  test("what waits for a new task is about its real id as soon as the server has named it", () => {
    const queue = fill(add("a", -1), move("b", 1, "todo", -1));
    const sent = enqueued(sending(queue, "a", 0), change("c", -1, "Newer"));
    expect(acknowledged(sent, "a", 9).commands).toMatchObject([
      { id: "b", place: { before: 9 } },
      { id: "c", task: 9 },
    ]);
  });

  test("a rejected new task keeps later changes to it", () => {
    const queue = enqueued(sending(fill(add("a", -1)), "a", 0), change("c", -1, "Newer"));
    const { commands, troubles } = refused(
      queue,
      "a",
      { type: "t", reason: { code: "task-gone" } },
      "x",
      2,
    );
    expect(commands).toEqual([]);
    expect(troubles).toMatchObject([
      { trouble: { kind: { mine: { title: "Newer" } } }, command: { details: { title: "Newer" } } },
    ]);
  });

  test("untouched commands stay the same objects, so that only what changed is written", () => {
    const queue = fill(change("a", 1, "Uno"), change("b", 2, "Dos"));
    expect(sending(queue, "a", 0).commands[1]).toBe(queue.commands[1]);
    expect(acknowledged(queue, "a").commands[0]).toBe(queue.commands[1]);
  });
});

describe("rebase", () => {
  const value = fc.oneof(fc.nat(2), fc.constantFrom("a", "b", null));
  const fields = fc.constantFrom("title", "description", "labels");
  const values = fc.dictionary(fields, value);

  test("each field is sent, done or in conflict: never lost, never two of them", () => {
    fc.assert(
      fc.property(values, values, values, (base, mine, theirs) => {
        const now = (field: string) => theirs[field] ?? null;
        const { send, conflicts } = rebase(base, mine, now);
        for (const [field, wanted] of Object.entries(mine)) {
          const sent = field in send;
          const conflict = conflicts.some((other) => other.field === field);
          const done = same(now(field), wanted);
          expect([sent, conflict, done].filter(Boolean)).toHaveLength(1);
          expect(sent).toBe(!done && same(now(field), base[field] ?? null));
        }
        expect(Object.keys(send).every((field) => field in mine)).toBe(true);
      }),
    );
  });

  test("an unchanged text ticks no boxes over what another user wrote", () => {
    const { send, conflicts } = rebase({ description: "b" }, { description: "b" }, () => "a");
    expect([send, conflicts.length]).toEqual([{}, 1]);
  });

  test("labels that two users add and remove are all added and removed, and nobody is asked", () => {
    const known = ["a", "b", "c", "d", "e"];
    const labels = fc.uniqueArray(fc.constantFrom(...known));
    fc.assert(
      fc.property(labels, labels, labels, (base, mine, theirs) => {
        const { send, conflicts } = rebase({ labels: base }, { labels: mine }, () => theirs);
        expect(conflicts).toEqual([]);
        const all = "labels" in send ? (send["labels"] as string[]) : theirs;
        expect(new Set(all).size).toBe(all.length);
        for (const each of known) {
          const [before, ours, others] = [base, mine, theirs].map((some) => some.includes(each));
          expect(all.includes(each)).toBe(ours === before ? others : ours);
        }
      }),
    );
  });

  test("without anybody else everything is sent, and a second time everything is done", () => {
    fc.assert(
      fc.property(values, values, (base, mine) => {
        const first = rebase(base, mine, (field) => base[field] ?? null);
        expect(first.conflicts).toEqual([]);
        const after = { ...base, ...first.send };
        const again = rebase(base, mine, (field) => after[field] ?? null);
        expect(again).toEqual({ send: {}, conflicts: [] });
      }),
    );
  });
});

describe("values", () => {
  test("they are what the server will make of them: trimmed, in UTC, empty instead of null", () => {
    expect(
      valuesOf({
        title: " One ",
        description: undefined,
        due_at: "2026-01-09T17:00:00+01:00",
        fields: { estimate: 3, colour: null },
      }),
    ).toEqual({
      title: "One",
      due_at: "2026-01-09T16:00:00.000Z",
      "fields/estimate": 3,
      "fields/colour": null,
    });
  });

  test("RFC 7396: free fields are merged, null removes", () => {
    const task = aTask({ id: 1, fields: { a: 1, b: { c: 1, d: 2 } } });
    const values = { "fields/a": null, "fields/b": { c: null, e: 3 }, title: "New" };
    expect(withValues(task, values)).toMatchObject({
      title: "New",
      fields: { b: { d: 2, e: 3 } },
    });
    expect("a" in withValues(task, values).fields).toBe(false);
  });

  test("`same` is equality of JSON values, whatever the order of members", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const copy: unknown = JSON.parse(JSON.stringify(value));
        expect(same(value, copy)).toBe(true);
        expect(same({ a: value, b: 1 }, { b: 1, a: copy })).toBe(true);
        expect(same({ a: value }, { b: value })).toBe(false);
        expect(same([value], [copy, copy])).toBe(false);
      }),
    );
  });
});

describe("overlay", () => {
  const replica = () =>
    new Replica(
      aSnapshot(
        [1, 2, 3].map((id) => aTask({ id })),
        { seq: 5 },
      ),
      "ada",
    );
  const none = new Set<string>();

  test("what nothing was done to is not in it", () => {
    expect(project(replica(), new Map(), [], none, NOTHING)).toBe(NOTHING);
    const { tasks, columns } = project(replica(), new Map(), [change("a", 1, "x")], none, NOTHING);
    expect([[...tasks.keys()], [...columns.keys()]]).toEqual([[1], []]);
  });

  test("changes are over each other in the order in which they were made", () => {
    const commands = [add("a", -1), move("b", 2, "finished"), move("c", -1, "todo", 1)];
    const { columns, tasks } = project(replica(), new Map(), commands, none, NOTHING);
    expect(columns.get("todo")).toEqual([-1, 1, 3]);
    expect(columns.get("finished")).toEqual([2]);
    expect(tasks.get(2)).toMatchObject({ status: "finished", waiting: true });
  });

  test("an answered task is where the server put it, until its event has come", () => {
    const board = replica();
    const task = aTask({ id: 3, position: "000001a", version: 2 });
    const answers = new Map([[3, { task, seq: 6 }]]);
    expect(unconfirmed(answers, board)).toBe(answers);
    expect(project(board, answers, [], none, NOTHING).columns.get("todo")).toEqual([1, 3, 2]);
    board.apply({ seq: 6, timestamp: "", task });
    expect(unconfirmed(answers, board).size).toBe(0);
  });

  test("columns and tasks that say the same stay the same objects", () => {
    const board = replica();
    const commands = [move("a", 2, "finished"), change("b", 1, "x")];
    const first = project(board, new Map(), commands, none, NOTHING);
    const next = project(board, new Map(), [...commands, change("c", 3, "y")], none, first);
    expect(next.columns.get("todo")).toBe(first.columns.get("todo"));
    expect(next.tasks.get(1)).toBe(first.tasks.get(1));
    expect(next.tasks.get(3)).not.toBe(first.tasks.get(3));
  });

  test("every task is in one column, its own, whatever is laid over", () => {
    const statuses = ["todo", "in_progress", "finished"];
    const command = fc.oneof(
      fc
        .record({ task: fc.nat(4), status: fc.constantFrom(...statuses), before: fc.nat(4) })
        .map(({ task, status, before }): Command => move("m", task, status, before || null)),
      fc.nat(4).map((task): Command => ({ ...queued, kind: "delete", id: "d", task, base: null })),
      fc.integer({ min: -4, max: -1 }).map((task): Command => add("n", task)),
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(command, { selector: (one) => `${one.kind}${one.task}` }),
        (commands) => {
          const board = replica();
          const { tasks, columns } = project(board, new Map(), commands, none, NOTHING);
          const ids = statuses.flatMap((key) => columns.get(key) ?? board.column(key));
          expect(new Set(ids).size).toBe(ids.length);
          for (const id of [1, 2, 3, -1, -2, -3, -4]) {
            const laid = tasks.get(id);
            const task = laid === null ? undefined : (laid ?? board.task(id));
            const places = statuses.filter((key) =>
              (columns.get(key) ?? board.column(key)).includes(id),
            );
            expect(places).toEqual(task === undefined ? [] : [task.status]);
          }
        },
      ),
    );
  });
});
