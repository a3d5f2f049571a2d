/** Two people, any network: the end is always the same for both, and nothing is lost or doubled. */

import * as fc from "fast-check";
import {
  type Client,
  client,
  device,
  nextNumber,
  pass,
  stopClients,
  threeTasks,
} from "../testing/clients";
import type { FakeServer, Weather } from "../testing/fake-server";

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  stopClients();
  jest.useRealTimers();
});

type Choice =
  | { do: "add"; who: number; status: number }
  | { do: "title"; who: number; which: number; value: number }
  | { do: "move"; who: number; which: number; status: number; before: number }
  | { do: "delete"; who: number; which: number }
  | { do: "weather"; who: number; weather: Weather }
  | { do: "cut"; who: number }
  | { do: "wait"; time: number };

const who = fc.nat(1);
const which = fc.nat(9);
const STATUSES = ["todo", "in_progress", "finished"] as const;
const WEATHERS = ["fine", "request-lost", "answer-lost", "unavailable"] as const;
const choice: fc.Arbitrary<Choice> = fc.oneof(
  fc.record({ do: fc.constant("add" as const), who, status: fc.nat(2) }),
  fc.record({ do: fc.constant("title" as const), who, which, value: fc.nat(3) }),
  fc.record({
    do: fc.constant("move" as const),
    who,
    which,
    status: fc.nat(2),
    before: fc.nat(9),
  }),
  fc.record({ do: fc.constant("delete" as const), who, which }),
  fc.record({ do: fc.constant("weather" as const), who, weather: fc.constantFrom(...WEATHERS) }),
  fc.record({ do: fc.constant("cut" as const), who }),
  fc.record({ do: fc.constant("wait" as const), time: fc.nat(400) }),
);

function perform(wanted: Choice, pair: readonly Client[]): void {
  const actor = "who" in wanted ? pair[wanted.who] : undefined;
  if (actor === undefined || wanted.do === "wait") {
    return;
  }
  const { session, service, relay } = actor;
  const shown = session.tasks();
  const pick = (index: number) => shown[index % Math.max(1, shown.length)]?.id ?? 1;
  switch (wanted.do) {
    case "add":
      session.addTask({ title: `New ${nextNumber()}`, status: STATUSES[wanted.status] ?? "todo" });
      break;
    case "title":
      // No two tasks get the same: by their titles one can tell which were made.
      session.changeTask(pick(wanted.which), {
        title: `Title ${wanted.value} of ${pick(wanted.which)}`,
      });
      break;
    case "move":
      session.moveTask(pick(wanted.which), {
        status: STATUSES[wanted.status] ?? "todo",
        before: wanted.before === 0 ? null : pick(wanted.before),
      });
      break;
    case "delete":
      session.deleteTask(pick(wanted.which));
      break;
    case "weather":
      service.weather = () => wanted.weather;
      break;
    case "cut":
      relay.cut();
  }
}

const PAIRS: readonly (readonly [string, (server: FakeServer) => readonly Client[]])[] = [
  ["people", (server) => [client(server, "ada"), client(server, "grace")]],
  [
    "tabs of one person",
    (server) => {
      const openTab = device(server, "ada");
      return [openTab(), openTab()];
    },
  ],
];

test.each(PAIRS)(
  "RT5: whatever two %s do under whatever network, in the end both show what the server has, and nothing of theirs is lost or doubled",
  async (_, open) => {
    await fc.assert(
      fc.asyncProperty(fc.array(choice, { maxLength: 40 }), async (choices) => {
        const server = threeTasks();
        const pair = open(server);
        await pass(100);
        for (const wanted of choices) {
          perform(wanted, pair);
          await pass(wanted.do === "wait" ? wanted.time : 1);
        }
        pair.forEach(({ session, service }) => {
          service.weather = () => "fine";
          session.reconnect();
        });
        await pass(120_000);
        for (const { session } of pair) {
          expect([session.waiting(), session.connection()]).toEqual([0, { state: "live" }]);
          for (const status of STATUSES) {
            expect(session.column(status)).toEqual(server.column(status));
          }
          expect([...session.tasks()].sort((a, b) => a.id - b.id)).toEqual(
            [...server.tasks.values()].sort((a, b) => a.id - b.id),
          );
        }
        const titles = server.log.filter((line) => line.startsWith("POST "));
        const made = server.events.filter(({ action }) => action === "Add").length;
        expect(made).toBe(3 + new Set(titles).size);
        pair.forEach(({ session }) => session.stop());
      }),
      { numRuns: 300 },
    );
  },
);
