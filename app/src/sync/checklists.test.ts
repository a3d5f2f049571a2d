/** Checklists kept true by events, with own changes over them, in whole sessions and in faked time. */

import {
  type Client,
  client,
  linesOf,
  offline,
  online,
  openLists,
  pass,
  stopClients,
  threeTasks,
} from "../testing/clients";
import { withListEvent } from "./checklists";
import type { BoardChecklist, BoardItem } from "./checklists";

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  stopClients();
  jest.useRealTimers();
});

/** Task 1 has the checklists “Bags” (Tent, Stove, Map) and “Food” (Rice). Both people see them. */
async function packing() {
  const server = threeTasks();
  server.addPart(1, null, { title: "Bags" }, "ada");
  server.addPart(1, null, { title: "Food" }, "ada");
  ["Tent", "Stove", "Map"].forEach((text) => server.addPart(1, 1, { text }, "ada"));
  server.addPart(1, 2, { text: "Rice" }, "ada");
  const ada = client(server, "ada");
  const grace = client(server, "grace");
  const shown = openLists(ada, server, 1);
  const theirs = openLists(grace, server, 1);
  await pass();
  return { server, ada, grace, shown, theirs, saved: () => linesOf(server.listsOf(1)) };
}

function itemIn(lists: readonly BoardChecklist[], text: string): BoardItem {
  const item = lists.flatMap(({ items }) => items).find((other) => other.text === text);
  if (item === undefined) throw new Error(`no item ${text}`);
  return item;
}

function listIn(lists: readonly BoardChecklist[], title: string): BoardChecklist {
  const list = lists.find((other) => other.title === title);
  if (list === undefined) throw new Error(`no checklist ${title}`);
  return list;
}

const counts = ({ session }: Client) => {
  const { done_count, item_count } = session.task(1) ?? {};
  return `${done_count}/${item_count}`;
};

describe("API-CHECKLIST: checklists in whole sessions", () => {
  test("a change is shown at once as waiting, and never flickers until its event has come", async () => {
    const { ada, shown, saved } = await packing();
    ada.relay.delay = 500;
    const seen = new Set<string>();
    const look = () => seen.add(JSON.stringify(linesOf(shown())));
    ada.session.subscribe(look);
    ada.session.changePart(itemIn(shown(), "Stove"), { done: true });
    expect(itemIn(shown(), "Stove")).toMatchObject({ done: true, waiting: true });
    expect(counts(ada)).toBe("1/4");
    await pass(100);
    look();
    expect(ada.session.waiting()).toBe(0);
    expect(counts(ada)).toBe("1/4");
    await pass();
    expect(itemIn(shown(), "Stove")).toMatchObject({ done: true, waiting: false, version: 2 });
    expect(seen).toEqual(new Set([JSON.stringify(saved())]));
    expect(counts(ada)).toBe("1/4");
  });

  test("without a network everything waits, survives a reload, and is sent in order with the server's ids", async () => {
    const { server, ada, grace, theirs, shown, saved } = await packing();
    await pass(10_000);
    offline(ada);
    const list = ada.session.addPart(1, null, { title: "Maps" });
    const item = ada.session.addPart(1, list, { text: "Coast", done: false });
    ada.session.changePart(itemIn(shown(), "Coast"), { done: true });
    ada.session.changePart(itemIn(shown(), "Map"), {}, { list, before: item });
    ada.session.changePart(listIn(shown(), "Food"), { title: "Meals" }, { list: null, before: 1 });
    ada.session.deletePart(itemIn(shown(), "Rice"));
    const wanted = [["Meals"], ["Bags", "Tent", "Stove"], ["Maps", "Map", "[Coast]"]];
    expect(linesOf(shown())).toEqual(wanted);
    expect(counts(ada)).toBe("1/4");
    await pass(60_000);
    expect(saved()).toEqual([
      ["Bags", "Tent", "Stove", "Map"],
      ["Food", "Rice"],
    ]);
    ada.session.stop();

    const again = client(server, "ada", ada.store);
    offline(again);
    const reopened = openLists(again, server, 1);
    await pass(100);
    expect(linesOf(reopened())).toEqual(wanted);
    expect(counts(again)).toBe("1/4");
    await online(again);
    await pass(20_000);
    expect(saved()).toEqual(wanted);
    expect(linesOf(reopened())).toEqual(wanted);
    expect(linesOf(theirs())).toEqual(wanted);
    expect([again, grace].map(counts)).toEqual(["1/4", "1/4"]);
    expect([again.session.waiting(), again.session.troubles()]).toEqual([0, []]);
    expect(again.session.firstPartOf("checklist", 3)).toBe(list);
    expect(again.session.firstPartOf("checklist_item", 5)).toBe(item);
  });

  test("changes of one item that wait become one request, and of one that is deleted again nothing is sent", async () => {
    const { server, ada, shown, saved } = await packing();
    offline(ada);
    ada.session.changePart(itemIn(shown(), "Rice"), { done: true });
    const before = server.log.length;
    ada.session.addPart(1, 1, { text: "Rope" });
    ada.session.changePart(itemIn(shown(), "Rope"), { text: "Long rope" });
    ada.session.changePart(itemIn(shown(), "Long rope"), { done: true }, { list: 2, before: null });
    ada.session.addPart(1, 1, { text: "Nothing" });
    ada.session.deletePart(itemIn(shown(), "Nothing"));
    await online(ada);
    await pass(5_000);
    expect(saved()).toEqual([
      ["Bags", "Tent", "Stove", "Map"],
      ["Food", "[Rice]", "[Long rope]"],
    ]);
    expect(server.log.slice(before).filter((line) => line.startsWith("POST part"))).toEqual([
      'POST part 1 {"text":"Long rope","done":true}',
    ]);
  });

  test("an addition whose answer was lost is made once, also if its event comes before the answer", async () => {
    const { ada, shown, saved } = await packing();
    let tries = 0;
    ada.service.weather = () => ((tries += 1) < 3 ? "answer-lost" : "fine");
    ada.service.delay = 50;
    const lengths = new Set<number>();
    ada.session.subscribe(() => lengths.add(listIn(shown(), "Food").items.length));
    ada.session.addPart(1, 2, { text: "Salt" });
    await pass(20_000);
    expect(saved()[1]).toEqual(["Food", "Rice", "Salt"]);
    expect(lengths).toEqual(new Set([2]));
  });

  test("different fields of one item are merged, the last tick counts, and the same field is asked about", async () => {
    const { server, ada, shown } = await packing();
    offline(ada);
    const tent = itemIn(shown(), "Tent");
    ada.session.changePart(tent, { assigned_to: "ada", done: true });
    server.changePart("checklist_item", tent.id, { text: "Big tent", done: true }, 1, "grace");
    server.changePart("checklist_item", tent.id, { done: false }, 2, "grace");
    ada.session.changePart(itemIn(shown(), "Stove"), { text: "Gas stove" });
    server.changePart("checklist_item", 2, { text: "Wood stove" }, 1, "grace");
    await online(ada);
    await pass(20_000);
    expect(server.items.get(tent.id)).toMatchObject({
      text: "Big tent",
      assigned_to: "ada",
      done: true,
    });
    expect(server.items.get(2)?.text).toBe("Wood stove");
    const [trouble] = ada.session.troubles();
    expect(trouble?.kind).toEqual({
      kind: "conflict",
      fields: [{ field: "text", base: "Stove", mine: "Gas stove", theirs: "Wood stove" }],
    });
    ada.session.resolve(trouble?.id ?? "", ["text"]);
    await pass(5_000);
    expect(server.items.get(2)?.text).toBe("Gas stove");
    expect(ada.session.troubles()).toEqual([]);
  });

  test("the last move counts; where the neighbour is gone, the item goes to the end", async () => {
    const { server, ada, shown, saved } = await packing();
    offline(ada);
    ada.session.changePart(itemIn(shown(), "Map"), {}, { list: 1, before: 1 });
    ada.session.changePart(itemIn(shown(), "Rice"), {}, { list: 1, before: 2 });
    server.changePart("checklist_item", 3, { checklist_id: 2, before: null }, undefined, "grace");
    server.deletePart("checklist_item", 2, "grace");
    await online(ada);
    await pass(20_000);
    expect(saved()).toEqual([["Bags", "Map", "Tent", "Rice"], ["Food"]]);
    expect(linesOf(shown())).toEqual(saved());
    expect(ada.session.troubles()).toEqual([]);
  });

  test("a tick of an item that is gone is dropped; what was written in it is kept, and can be added again", async () => {
    const { server, ada, shown, saved } = await packing();
    offline(ada);
    ada.session.changePart(itemIn(shown(), "Tent"), { done: true });
    ada.session.changePart(itemIn(shown(), "Stove"), { text: "Gas stove" });
    server.deletePart("checklist_item", 1, "grace");
    server.deletePart("checklist_item", 2, "grace");
    await online(ada);
    await pass(20_000);
    const [trouble, ...more] = ada.session.troubles();
    expect(more).toEqual([]);
    expect(trouble?.kind).toMatchObject({
      kind: "refused",
      reason: { code: "part-gone" },
      mine: { text: "Gas stove" },
    });
    expect(counts(ada)).toBe("0/2");
    ada.session.retry(trouble?.id ?? "");
    await pass(5_000);
    expect(saved()[0]).toEqual(["Bags", "Map", "Gas stove"]);
    expect(counts(ada)).toBe("0/3");
  });

  test("what the server refuses is shown no more and is offered again", async () => {
    const { server, ada, shown, saved } = await packing();
    server.forbidden = true;
    ada.session.changePart(itemIn(shown(), "Tent"), { done: true });
    ada.session.addPart(1, 1, { text: "Rope" });
    expect(counts(ada)).toBe("1/5");
    await pass(5_000);
    expect(linesOf(shown())).toEqual([
      ["Bags", "Tent", "Stove", "Map"],
      ["Food", "Rice"],
    ]);
    expect(counts(ada)).toBe("0/4");
    const troubles = ada.session.troubles();
    expect(troubles.map(({ kind }) => kind)).toMatchObject([
      { kind: "refused", type: "/problems/forbidden", mine: { done: true } },
      { kind: "refused", type: "/problems/forbidden", mine: { text: "Rope" } },
    ]);
    server.forbidden = false;
    troubles.forEach(({ id }) => ada.session.retry(id));
    await pass(5_000);
    expect(saved()[0]).toEqual(["Bags", "[Tent]", "Stove", "Map", "Rope"]);
    expect(counts(ada)).toBe("1/5");
  });

  test("an item that goes into a checklist that was refused stays, and goes there once that is added", async () => {
    const { server, ada, shown, saved } = await packing();
    server.forbidden = true;
    const list = ada.session.addPart(1, null, { title: "Maps" });
    ada.session.changePart(itemIn(shown(), "Map"), { text: "Sea map" }, { list, before: null });
    expect(linesOf(shown())[2]).toEqual(["Maps", "Sea map"]);
    await pass(100);
    server.forbidden = false;
    await pass(5_000);
    const [refused, moved, ...more] = ada.session.troubles();
    expect([refused?.kind, moved?.kind, more]).toMatchObject([
      { kind: "refused", type: "/problems/forbidden", mine: { title: "Maps" } },
      { kind: "refused", reason: { code: "part-gone" }, mine: { text: "Sea map" } },
      [],
    ]);
    expect(linesOf(shown())).toEqual(saved());
    [refused, moved].forEach((trouble) => ada.session.retry(trouble?.id ?? ""));
    await pass(5_000);
    expect(saved()).toEqual([
      ["Bags", "Tent", "Stove"],
      ["Food", "Rice"],
      ["Maps", "Sea map"],
    ]);
    expect(linesOf(shown())).toEqual(saved());
    expect(ada.session.troubles()).toEqual([]);
  });

  test("what two people tick or delete counts once on the card, before and after the answer", async () => {
    const { server, ada, grace, shown, theirs } = await packing();
    offline(ada);
    ada.session.changePart(itemIn(shown(), "Tent"), { done: true });
    ada.session.changePart(itemIn(shown(), "Stove"), { done: true });
    ada.session.changePart(itemIn(shown(), "Stove"), { text: "Gas stove" });
    ada.session.deletePart(itemIn(shown(), "Map"));
    ada.session.changePart(itemIn(shown(), "Rice"), { done: true });
    expect(counts(ada)).toBe("3/3");
    grace.session.changePart(itemIn(theirs(), "Tent"), { done: true });
    grace.session.deletePart(itemIn(theirs(), "Map"));
    grace.session.deletePart(listIn(theirs(), "Food"));
    await pass(500);
    expect(counts(grace)).toBe("1/2");
    // The events come, but nothing is answered.
    ada.relay.connect();
    await pass(500);
    expect(server.tasks.get(1)).toMatchObject({ done_count: 1, item_count: 2 });
    expect(ada.session.waiting()).toBeGreaterThan(3);
    expect(linesOf(shown())).toEqual([["Bags", "[Tent]", "[Gas stove]"]]);
    expect(counts(ada)).toBe("2/2");
    await online(ada);
    await pass(20_000);
    expect([ada, grace].map(counts)).toEqual(["2/2", "2/2"]);
  });

  test("an own tick whose event comes before its answer counts once", async () => {
    const { ada, shown } = await packing();
    ada.service.delay = 300;
    ada.relay.delay = 1;
    const seen = new Set<string>();
    ada.session.changePart(itemIn(shown(), "Tent"), { done: true });
    ada.session.subscribe(() => seen.add(counts(ada)));
    await pass(5_000);
    expect(seen).toEqual(new Set(["1/4"]));
  });

  test("what was written in items of a task that is deleted meanwhile is kept with the task", async () => {
    const { server, ada, shown } = await packing();
    offline(ada);
    ada.session.changePart(itemIn(shown(), "Tent"), { text: "Big tent" });
    ada.session.addPart(1, 1, { text: "Rope" });
    server.delete(1, "grace");
    await online(ada);
    await pass(20_000);
    const [trouble] = ada.session.troubles();
    expect(trouble?.kind).toEqual({ kind: "deleted", mine: { items: "Big tent\nRope" } });
    ada.session.retry(trouble?.id ?? "");
    await pass(20_000);
    const made = [...server.tasks.values()].find(({ title, id }) => title === "One" && id > 3);
    expect(linesOf(server.listsOf(made?.id ?? 0))).toEqual([["One", "Big tent", "Rope"]]);
  });

  test("an event that the checklists have already changes nothing, and one of a deletion takes items with it", async () => {
    const { server } = await packing();
    const known = { seq: server.head.seq, items: server.listsOf(1) };
    server.deletePart("checklist", 1, "grace");
    const [event] = server.events.slice(-1);
    if (event?.entity !== "checklist") throw new Error("no event of a checklist");
    const after = withListEvent(known, event);
    expect(linesOf(after.items)).toEqual([["Food", "Rice"]]);
    expect(withListEvent(after, event)).toBe(after);
  });
});

test("API-CONVERT: an item becomes a task once it has a name and a network, and once only", async () => {
  const { server, ada, shown, saved } = await packing();
  offline(ada);
  ada.session.addPart(1, 2, { text: "Salt" });
  ada.session.convertItem(itemIn(shown(), "Salt"));
  expect(linesOf(shown())[1]).toEqual(["Food", "Rice"]);
  expect(counts(ada)).toBe("0/4");
  let tries = 0;
  await online(ada);
  ada.service.weather = () => ((tries += 1) === 1 ? "answer-lost" : "fine");
  await pass(20_000);
  expect(saved()[1]).toEqual(["Food", "Rice"]);
  expect([...server.tasks.values()].map(({ title }) => title)).toEqual([
    "One",
    "Two",
    "Three",
    "Salt",
  ]);
  expect(ada.session.tasks().map(({ title }) => title)).toContain("Salt");
  expect(counts(ada)).toBe("0/4");
});

test("API-TICK: a line is ticked over what others write; one that is gone is a refusal", async () => {
  const { server, ada } = await packing();
  server.change(1, { description: "- [ ] Tent\n- [ ] Stove" }, "ada");
  await pass();
  offline(ada);
  ada.session.tick(1, { line: "- [ ] Tent", nth: 0, done: true });
  ada.session.tick(1, { line: "- [ ] Stove", nth: 0, done: true });
  expect(ada.session.task(1)?.description).toBe("- [x] Tent\n- [x] Stove");
  server.change(1, { description: "Now:\n\n- [ ] Tent" }, "grace");
  await online(ada);
  await pass(20_000);
  expect(server.tasks.get(1)?.description).toBe("Now:\n\n- [x] Tent");
  expect(ada.session.troubles().map(({ kind }) => kind)).toMatchObject([
    { kind: "refused", type: "/problems/line-gone" },
  ]);
});
