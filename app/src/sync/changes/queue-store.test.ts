/** What is kept of a queue outlives the version of the app that kept it. */

import { MemoryStore } from "../../utilities/storage";
import { QueueStore } from "./queue-store";

const OWNER = "1/teams/7";

/** A device on which an earlier version of the app left what it had not sent. */
function leftBehind(): MemoryStore {
  const store = new MemoryStore();
  const fresh = { at: 5, sent: true, seq: 9, epoch: "e", subject: "Pack", task: 3 };
  const change = {
    ...fresh,
    id: "c",
    kind: "change",
    base: { title: "a" },
    values: { title: "b" },
  };
  const move = {
    ...fresh,
    id: "m",
    kind: "move",
    from: "todo",
    place: { status: "finished", before: null },
  };
  const trouble = {
    id: "t",
    task: 3,
    subject: "Pack",
    at: 6,
    kind: {
      kind: "refused",
      type: "/problems/forbidden",
      message: "Dazu haben Sie auf diesem Board nicht das Recht.",
      mine: { status: "finished" },
    },
  };
  store.entries.set(`queue/${OWNER}/command/000000000000005-c`, JSON.stringify(change));
  store.entries.set(
    `queue/${OWNER}/trouble/000000000000006-t`,
    JSON.stringify({ trouble, command: move, comments: ["Said"] }),
  );
  return store;
}

const open = (store: MemoryStore) => new QueueStore(store, OWNER, () => Promise.resolve(false));

test("what an earlier version of the app left unsent is read, its refusals in the words of then", async () => {
  const { commands, troubles } = await open(leftBehind()).load();
  expect(commands).toMatchObject([{ id: "c", kind: "change", values: { title: "b" } }]);
  expect(troubles).toMatchObject([{ command: { id: "m" }, comments: ["Said"] }]);
  expect(troubles[0]?.trouble).toEqual({
    id: "t",
    task: 3,
    subject: "Pack",
    at: 6,
    kind: {
      kind: "refused",
      type: "/problems/forbidden",
      reason: { code: "worded", words: "Dazu haben Sie auf diesem Board nicht das Recht." },
      mine: { status: "finished" },
    },
  });
});

test("a refusal is kept as a code with arguments, and read as it was written", async () => {
  const store = new MemoryStore();
  const [held] = (await open(leftBehind()).load()).troubles;
  if (held?.trouble.kind.kind !== "refused") throw new Error("no refusal was kept");
  const errors = [{ pointer: "/status", detail: "is not a column of this board" }];
  const reason = { code: "server", status: 422, detail: "One is wrong.", errors } as const;
  const trouble = { ...held.trouble, kind: { ...held.trouble.kind, reason } };
  const queue = { commands: [], troubles: [{ ...held, trouble }] };
  await open(store).save({ commands: [], troubles: [] }, queue);
  expect(await open(store).load()).toEqual(queue);
});
