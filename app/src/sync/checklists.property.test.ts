/** However items are added, moved and deleted: the order is that of plain lists, for everybody. */

import * as fc from "fast-check";
import {
  client,
  linesOf,
  nextNumber,
  openLists,
  pass,
  stopClients,
  threeTasks,
} from "../testing/clients";
import type { FakeServer, Weather } from "../testing/fake-server";
import { isListEvent, layChecklists, type KnownChecklists, withListEvent } from "./checklists";
import type { ListCommand } from "./changes/commands";

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  stopClients();
  jest.useRealTimers();
});

/** A server whose task 1 has two checklists, with 2 items and 1. */
function withLists(): FakeServer {
  const server = threeTasks();
  ["A", "B"].forEach((title) => server.addPart(1, null, { title }, "ada"));
  [1, 1, 2].forEach((list) => server.addPart(1, list, { text: `${nextNumber()}` }, "ada"));
  return server;
}

/** Plain lists of ids by the checklist that they are in. */
type Plain = ReadonlyMap<number, readonly number[]>;

function without(plain: Plain, item: number): Plain {
  return new Map([...plain].map(([list, ids]) => [list, ids.filter((id) => id !== item)]));
}

/** Before what is not there: at the end. */
function put(plain: Plain, item: number, list: number, before: number | null): Plain {
  const ids = without(plain, item).get(list) ?? [];
  const at = before === null ? -1 : ids.indexOf(before);
  const place = at < 0 ? ids.length : at;
  const now = [...ids.slice(0, place), item, ...ids.slice(place)];
  return new Map(without(plain, item)).set(list, now);
}

const isIn = (plain: Plain, item: number) => [...plain.values()].flat().includes(item);

const place = { list: fc.constantFrom(1, 2), before: fc.nat(9) };
const operation = fc.oneof(
  fc.record({ do: fc.constant("add" as const), own: fc.boolean(), which: fc.nat(9), ...place }),
  fc.record({ do: fc.constant("move" as const), own: fc.boolean(), which: fc.nat(9), ...place }),
  fc.record({ do: fc.constant("delete" as const), own: fc.boolean(), which: fc.nat(9), ...place }),
);

function positionsAreUnique(server: FakeServer): void {
  for (const { items } of server.listsOf(1)) {
    expect(new Set(items.map(({ position }) => position)).size).toBe(items.length);
  }
}

const queued = { at: 1, sent: false, epoch: null, subject: "", task: 1 };
const common = { ...queued, of: "checklist_item" as const, counts: [0, 0] as const };

test("API-CHECKLIST: events of others and own changes over them leave items in the order of plain lists", () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
      const server = withLists();
      let known: KnownChecklists = { seq: server.head.seq, items: server.listsOf(1) };
      let plain: Plain = new Map(known.items.map(({ id, items }) => [id, items.map((i) => i.id)]));
      const pending: ListCommand[] = [];
      const lay: ((over: Plain) => Plain)[] = [];
      const over = () => lay.reduce((now, change) => change(now), plain);
      for (const { do: what, own, which, list, before: at } of operations) {
        // Own changes are made of what is shown, those of others of what the server has.
        const there = own ? over() : plain;
        const all = [...there.values()].flat();
        const item = all[which % Math.max(1, all.length)] ?? 0;
        const into = (there.get(list) ?? []).filter((id) => id !== item);
        const before = into[at] ?? null;
        const id = `c${pending.length}`;
        if (what !== "add" && item === 0) continue;
        if (own && what === "add") {
          const part = -1 - pending.length;
          pending.push({ ...common, id, kind: "list-add", part, list, values: {}, before });
          lay.push((now) => put(now, part, list, before));
        } else if (own && what === "move") {
          const goes = { part: item, list, place: { list, before }, base: {}, values: {} };
          pending.push({ ...common, ...goes, id, kind: "list-change", version: null });
          lay.push((now) => (isIn(now, item) ? put(now, item, list, before) : now));
        } else if (own) {
          pending.push({ ...common, id, kind: "list-delete", part: item, list });
          lay.push((now) => without(now, item));
        } else if (what === "add") {
          const { value } = server.addPart(1, list, { text: "x", before }, "grace");
          plain = put(plain, value.id, list, before);
        } else if (what === "move") {
          const patch = { checklist_id: list, before };
          server.changePart("checklist_item", item, patch, undefined, "grace");
          plain = put(plain, item, list, before);
        } else {
          server.deletePart("checklist_item", item, "grace");
          plain = without(plain, item);
        }
        for (const event of server.events.slice(-2)) {
          // The one before comes once more: it changes nothing.
          if (isListEvent(event, 1)) known = withListEvent(known, event);
        }
        expect(idsIn(known.items)).toEqual(ordered(plain));
        expect(idsIn(layChecklists(known.items, pending, 1, 7))).toEqual(ordered(over()));
        positionsAreUnique(server);
      }
    }),
    { numRuns: 300 },
  );
});

const idsIn = (
  lists: readonly { readonly id: number; readonly items: readonly { readonly id: number }[] }[],
) => lists.map(({ id, items }) => [id, items.map((item) => item.id)]);
const ordered = (plain: Plain) => [...plain].sort(([a], [b]) => a - b);

const WEATHERS = ["fine", "request-lost", "answer-lost", "unavailable"] as const;
const who = fc.nat(1);
const choice = fc.oneof(
  fc.record({
    do: fc.constantFrom("add", "move", "tick", "delete"),
    who,
    which: fc.nat(9),
    ...place,
  }),
  fc.record({ do: fc.constant("weather" as const), who, weather: fc.constantFrom(...WEATHERS) }),
  fc.record({ do: fc.constant("cut" as const), who }),
  fc.record({ do: fc.constant("wait" as const), time: fc.nat(400) }),
);

test("API-CHECKLIST, RT5: whatever two people do under whatever network, in the end both show the server's items, each once and in one order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(choice, { maxLength: 40 }), async (choices) => {
      const server = withLists();
      const pair = [client(server, "ada"), client(server, "grace")];
      await pass(100);
      const shown = pair.map((one) => openLists(one, server, 1));
      const added = new Set(server.listsOf(1).flatMap(({ items }) => items.map((i) => i.text)));
      const deleted = new Set<string>();
      for (const wanted of choices) {
        const actor = "who" in wanted ? pair[wanted.who] : undefined;
        if (wanted.do === "wait" || !("who" in wanted) || actor === undefined) {
          await pass("time" in wanted ? wanted.time : 1);
          continue;
        }
        if ("weather" in wanted) {
          const { weather }: { weather: Weather } = wanted;
          actor.service.weather = () => weather;
        } else if (!("which" in wanted)) {
          actor.relay.cut();
        } else {
          const lists = shown[wanted.who]?.() ?? [];
          const items = lists.flatMap((list) => list.items);
          const item = items[wanted.which % Math.max(1, items.length)];
          const into = lists.find(({ id }) => id === wanted.list)?.items ?? [];
          const before = into.filter((other) => other !== item)[wanted.before]?.id ?? null;
          if (wanted.do === "add") {
            const text = `New ${nextNumber()}`;
            added.add(text);
            actor.session.addPart(1, wanted.list, { text }, before);
          } else if (item !== undefined && wanted.do === "move") {
            actor.session.changePart(item, {}, { list: wanted.list, before });
          } else if (item !== undefined && wanted.do === "tick") {
            actor.session.changePart(item, { done: !item.done });
          } else if (item !== undefined) {
            deleted.add(item.text);
            actor.session.deletePart(item);
          }
        }
        await pass(1);
      }
      pair.forEach(({ session, service }) => {
        service.weather = () => "fine";
        session.reconnect();
      });
      await pass(120_000);
      positionsAreUnique(server);
      const saved = server.listsOf(1);
      const items = saved.flatMap((list) => list.items);
      const kept = [...added].filter((text) => !deleted.has(text));
      expect(items.map(({ text }) => text).sort()).toEqual(kept.sort());
      pair.forEach(({ session }, index) => {
        expect([session.waiting(), session.troubles()]).toEqual([0, []]);
        expect(linesOf(shown[index]?.() ?? [])).toEqual(linesOf(saved));
        expect(session.task(1)).toMatchObject({
          item_count: items.length,
          done_count: items.filter(({ done }) => done).length,
        });
        session.stop();
      });
    }),
    { numRuns: 150 },
  );
});
