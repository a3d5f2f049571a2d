/** The replica against a plain model of a server that answers whole snapshots. */

import * as fc from "fast-check";
import { aHead, aMember, aSnapshot, aTask, aTaskEvent, MOMENT } from "../testing/boards";
import { type Change, Replica, type Snapshot, inOrder } from "./replica";
import type { BoardTask } from "./types";
import { toChange } from "./wire";

const STATUSES = ["todo", "in_progress", "finished"];

type Deed =
  | { do: "add"; status: number; position: string }
  | { do: "change"; which: number; title: string }
  | { do: "move"; which: number; status: number; position: string }
  | { do: "delete"; which: number }
  | { do: "comment"; which: number }
  | { do: "rename"; name: string }
  | { do: "member"; id: number; leaves: boolean };

const position = fc.stringMatching(/^[0-9A-Za-z]{1,4}$/u);
const which = fc.nat(50);
const status = fc.nat(2);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ do: fc.constant("add" as const), status, position }),
  fc.record({ do: fc.constant("change" as const), which, title: fc.string() }),
  fc.record({ do: fc.constant("move" as const), which, status, position }),
  fc.record({ do: fc.constant("delete" as const), which }),
  fc.record({ do: fc.constant("comment" as const), which }),
  fc.record({ do: fc.constant("rename" as const), name: fc.string() }),
  fc.record({ do: fc.constant("member" as const), id: fc.nat(3), leaves: fc.boolean() }),
);

/** A server in its plainest form: it changes one document and says what it did. */
class PlainServer {
  document: Snapshot = aSnapshot([]);
  private nextId = 1;

  perform(wanted: Deed): Change | null {
    const seq = this.document.head.seq + 1;
    const timestamp = new Date(Date.parse(MOMENT) + seq).toISOString();
    const head = { ...this.document.head, seq, updated_at: timestamp };
    const { tasks, members } = this.document;
    const found = "which" in wanted ? tasks[wanted.which % Math.max(1, tasks.length)] : undefined;
    switch (wanted.do) {
      case "add": {
        const id = this.nextId++;
        const task = aTask({ id, status: STATUSES[wanted.status], position: wanted.position });
        this.document = { head, tasks: [...tasks, task], members };
        return { seq, timestamp, task };
      }
      case "rename": {
        const renamed = { ...head, name: wanted.name, version: head.version + 1 };
        this.document = { head: renamed, tasks, members };
        return { seq, timestamp, head: { ...renamed, role: null } };
      }
      case "member": {
        const member = aMember(wanted.id, `user-${wanted.id}`, "viewer");
        const others = members.filter(({ id }) => id !== wanted.id);
        const now = wanted.leaves ? others : [...others, member].sort((a, b) => a.id - b.id);
        this.document = { head, tasks, members: now };
        return wanted.leaves
          ? { seq, timestamp, removedMember: wanted.id }
          : { seq, timestamp, member };
      }
      default:
        return found === undefined ? null : this.performOn(found, wanted, head, seq, timestamp);
    }
  }

  private performOn(
    task: BoardTask,
    wanted: Deed,
    head: Snapshot["head"],
    seq: number,
    timestamp: string,
  ): Change {
    const { tasks, members } = this.document;
    const others = tasks.filter(({ id }) => id !== task.id);
    if (wanted.do === "delete") {
      this.document = { head, tasks: others, members };
      return { seq, timestamp, removedTask: task.id };
    }
    const changed: BoardTask = {
      ...task,
      version: task.version + 1,
      ...(wanted.do === "change" ? { title: wanted.title } : {}),
      ...(wanted.do === "comment" ? { comment_count: task.comment_count + 1 } : {}),
      ...(wanted.do === "move"
        ? { status: STATUSES[wanted.status] ?? "todo", position: wanted.position }
        : {}),
    };
    this.document = { head, tasks: [...others, changed], members };
    return { seq, timestamp, task: changed };
  }
}

/** What a replica shows, in a form that can be compared. */
function shown(replica: Replica) {
  return {
    head: replica.head,
    members: replica.members,
    columns: STATUSES.map((key) => replica.column(key)),
    tasks: [...replica.tasks()].sort((a, b) => a.id - b.id),
  };
}

test("RT5: a snapshot at any seq plus the events after it is the later snapshot", () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 60 }), fc.nat(60), (deeds, cut) => {
      const server = new PlainServer();
      const changes: Change[] = [];
      let early = server.document;
      for (const wanted of deeds) {
        const change = server.perform(wanted);
        if (change !== null) {
          changes.push(change);
        }
        if (changes.length === cut) {
          early = server.document;
        }
      }
      const replica = new Replica(early, "ada");
      changes.filter(({ seq }) => seq > early.head.seq).forEach((change) => replica.apply(change));
      expect(shown(replica)).toEqual(shown(new Replica(server.document, "ada")));
    }),
  );
});

test("a column is ordered by position in byte order, then by id", () => {
  const replica = new Replica(
    aSnapshot([
      aTask({ id: 3, position: "b" }),
      aTask({ id: 1, position: "a" }),
      aTask({ id: 4, position: "B" }),
      aTask({ id: 2, position: "a" }),
    ]),
    "ada",
  );
  expect(replica.column("todo")).toEqual([4, 1, 2, 3]);
});

test("an event leaves every object that it does not touch the same", () => {
  const replica = new Replica(
    aSnapshot([aTask({ id: 1 }), aTask({ id: 2 }), aTask({ id: 3, status: "finished" })]),
    "ada",
  );
  const todo = replica.column("todo");
  const finished = replica.column("finished");
  const second = replica.task(2);
  replica.apply(toChange(aTaskEvent(1, "Update", aTask({ id: 1, title: "New", version: 2 }))));
  expect(replica.task(1)?.title).toBe("New");
  expect(replica.task(2)).toBe(second);
  expect(replica.column("todo")).toBe(todo);
  replica.apply(
    toChange(aTaskEvent(2, "Move", aTask({ id: 1, status: "in_progress", version: 3 }))),
  );
  expect(replica.column("todo")).toEqual([2]);
  expect(replica.column("finished")).toBe(finished);
});

const aComment = {
  id: 1,
  board_id: 7,
  task_id: 1,
  body: "Looks good.",
  created_by: "grace",
  version: 1,
  created_at: MOMENT,
  updated_at: MOMENT,
};

test("RT-CLIENT: a comment event replaces what is new of its task, and nothing else of it", () => {
  const before = aTask({ id: 1, description: "long" });
  const replica = new Replica(aSnapshot([before, aTask({ id: 2 })]), "ada");
  const [todo, other] = [replica.column("todo"), replica.task(2)];
  const { task: _task, ...event } = aTaskEvent(1, "Add", before, "grace");
  const task_patch = {
    id: 1,
    comment_count: 5,
    item_count: 3,
    done_count: 1,
    version: 7,
    updated_at: "2026-01-10T17:00:00.000Z",
  };
  replica.apply(toChange({ ...event, entity: "comment", comment: aComment, task_patch }));
  expect(replica.task(1)).toEqual({ ...before, ...task_patch });
  expect([replica.column("todo"), replica.task(2)]).toEqual([todo, other]);
});

test("RT-CLIENT: a comment event of an earlier version replaces its task", () => {
  const replica = new Replica(aSnapshot([aTask({ id: 1 })]), "ada");
  const event = aTaskEvent(1, "Add", aTask({ id: 1, comment_count: 5 }), "grace");
  replica.apply(toChange({ ...event, entity: "comment", comment: aComment }));
  expect(replica.task(1)?.comment_count).toBe(5);
});

test("one's own role follows one's own membership, and no board event", () => {
  const replica = new Replica(aSnapshot([]), "ada");
  replica.apply({ seq: 1, timestamp: MOMENT, head: aHead({ name: "New", role: null }) });
  expect(replica.head).toMatchObject({ name: "New", role: "owner", seq: 1 });
  replica.apply({ seq: 2, timestamp: MOMENT, member: aMember(1, "ada", "viewer") });
  expect(replica.head.role).toBe("viewer");
  replica.apply({ seq: 3, timestamp: MOMENT, member: aMember(2, "grace", "owner") });
  expect(replica.head.role).toBe("viewer");
});

test("`inOrder` is an order: no two different tasks are equal", () => {
  fc.assert(
    fc.property(position, position, fc.nat(9), fc.nat(9), (a, b, i, j) => {
      const one = aTask({ id: i, position: a });
      const other = aTask({ id: j, position: b });
      expect(Math.sign(inOrder(one, other))).toBe(-Math.sign(inOrder(other, one)) + 0);
      expect(inOrder(one, other) === 0).toBe(a === b && i === j);
    }),
  );
});
