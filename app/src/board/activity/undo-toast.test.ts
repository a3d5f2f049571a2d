/** Guards that a toast's way back undoes what the toast names, and nothing else of anybody. */

import { act, renderHook } from "@testing-library/react-native";
import type { Place } from "../../sync";
import { useToasts } from "../../state/toasts";
import { client, offline, online, pass, stopClients, threeTasks } from "../../testing/clients";
import { useCardCommands } from "../card/use-card-commands";
import { useUndoEvent } from "./use-undo";

const openers = { open: jest.fn(), edit: jest.fn(), moveTo: jest.fn(), added: jest.fn() };
const IN_PROGRESS: Place = { status: "in_progress", before: null };

beforeEach(() => {
  jest.useFakeTimers();
  useToasts.setState({ toasts: [] });
});

afterEach(() => {
  stopClients();
  jest.useRealTimers();
});

/** Somebody at a board of the tasks 1, 2 and 3, all to do. */
async function somebody(mode: "teams" | "quick-win" = "teams") {
  const server = threeTasks();
  const here = client(server, "ada", undefined, undefined, undefined, mode);
  await pass();
  const { result } = renderHook(() => useCardCommands(here.session, openers));
  const press = async (label: string) => {
    const toast = useToasts.getState().toasts.find(({ action }) => action?.label === label);
    act(() => toast?.action?.onPress());
    await act(() => pass());
  };
  const said = () => useToasts.getState().toasts.at(-1)?.text;
  const stands = () => [1, 2, 3].map((id) => server.tasks.get(id)?.status);
  return { ...here, here, server, commands: result.current, press, said, stands };
}

const CHANGED = "Somebody changed this card after you did.";

it("Undo undoes the move that its toast names, whatever was changed since", async () => {
  const { server, session, commands, press, said } = await somebody();
  commands.move(1, IN_PROGRESS);
  await pass();
  session.changeTask(1, { title: "Uno" });
  await pass();
  await press("Undo");
  expect(server.tasks.get(1)).toMatchObject({ status: "todo", title: "Uno" });
  expect(said()).toBe("Undone: “One” moved to In progress");
});

it("Undo of a move that still waits leaves the change before it alone", async () => {
  const { server, session, service, commands, press } = await somebody();
  service.delay = 500;
  session.changeTask(1, { title: "Uno" });
  await pass(10);
  commands.move(1, IN_PROGRESS);
  // The title is answered, the move is not.
  await pass(1_300);
  await press("Undo");
  await pass(10_000);
  expect(server.tasks.get(1)).toMatchObject({ status: "todo", title: "Uno" });
});

it("Undo of a deletion that still waits leaves the change before it alone", async () => {
  const { server, session, service, commands, press, said } = await somebody();
  service.delay = 500;
  session.changeTask(1, { title: "Uno" });
  await pass(10);
  commands.delete(1);
  await press("Undo");
  await pass(10_000);
  expect(server.tasks.get(1)).toMatchObject({ status: "todo", title: "Uno" });
  expect(session.task(1)?.title).toBe("Uno");
  expect(said()).toBe("Undone: “Uno” deleted");
});

it("a deletion that was not sent is undone at once, and never reaches the server", async () => {
  const { here, server, session, commands, press } = await somebody();
  offline(here);
  session.addComment(1, "Said");
  commands.delete(1);
  await pass(30_000);
  await press("Undo");
  expect(session.column("todo")).toEqual([1, 2, 3]);
  await online(here);
  expect(server.tasks.get(1)?.comment_count).toBe(1);
  expect(server.log.filter((line) => /DELETE|UNDO/u.test(line))).toEqual([]);
  expect(session.waiting()).toBe(0);
});

describe.each([
  ["lost on its way", "request-lost"],
  ["made, and its answer lost", "answer-lost"],
] as const)("a deletion that was %s", (_, weather) => {
  it("is undone at once, for good, and after a reload", async () => {
    const { here, server, session, commands, press } = await somebody();
    here.service.weather = () => weather;
    here.relay.cut();
    commands.delete(1);
    await pass(100);
    here.service.weather = () => "request-lost";
    await press("Undo");
    expect([session.column("todo"), session.task(1)?.waiting]).toEqual([[1, 2, 3], true]);
    session.changeTask(1, { title: "Uno" });
    await pass(30_000);
    session.stop();
    const reloaded = client(server, "ada", here.store);
    reloaded.service.weather = () => "request-lost";
    await pass();
    expect(reloaded.session.task(1)?.title).toBe("Uno");
    await online(reloaded);
    await pass();
    expect(server.tasks.get(1)?.title).toBe("Uno");
    expect([reloaded.session.column("todo"), reloaded.session.waiting()]).toEqual([[1, 2, 3], 0]);
  });
});

it("what is written on a card that is being brought back is kept where it cannot be", async () => {
  const { here, server, session, commands, press } = await somebody();
  offline(here);
  server.delete(1, "grace");
  commands.delete(1);
  here.service.weather = () => "request-lost";
  await pass(100);
  await press("Undo");
  session.changeTask(1, { title: "Uno" });
  await online(here);
  const [trouble] = session.troubles();
  expect(trouble?.kind).toMatchObject({ kind: "refused", mine: { title: "Uno" } });
  session.retry(trouble?.id ?? "");
  await pass();
  expect(server.tasks.get(4)?.title).toBe("Uno");
});

it("columns that are added beside one that cannot be deleted do not wait with it", async () => {
  const { here, server, session } = await somebody();
  offline(here);
  const columns = session.head()?.columns ?? [];
  const wip_limit = null;
  session.changeBoard({ columns: [...columns, { key: "new", name: "New", wip_limit }] });
  const more = session.head()?.columns ?? [];
  session.changeBoard({ columns: more.filter(({ key }) => key !== "finished") });
  session.addTask({ title: "Four", status: "new" });
  server.add({ title: "By grace", status: "finished" }, "grace");
  await online(here);
  const keys = () => server.head.columns.map(({ key }) => key);
  expect(keys()).toEqual(["todo", "in_progress", "finished", "new"]);
  expect(session.waiting()).toBe(0);
  const [trouble, ...others] = session.troubles();
  expect(others).toEqual([]);
  server.change(4, { status: "todo" }, "grace");
  session.retry(trouble?.id ?? "");
  await pass();
  expect(keys()).toEqual(["todo", "in_progress", "new"]);
  expect(session.troubles()).toEqual([]);
});

it("a card that was added and moved before it was sent is moved back, not taken off the board", async () => {
  const { here, server, session, commands, press } = await somebody();
  offline(here);
  const id = session.addTask({ title: "Four", status: "todo", labels: ["x"] });
  commands.move(id, IN_PROGRESS);
  await online(here);
  expect(server.column("in_progress")).toEqual([4]);
  await press("Undo");
  expect(server.column("todo")).toEqual([1, 2, 3, 4]);
});

it("a card that was added and deleted before it was sent is brought back as it was", async () => {
  const { here, server, session, commands, press } = await somebody();
  offline(here);
  const id = session.addTask({ title: "Four", status: "todo", labels: ["x"] });
  commands.delete(id);
  await press("Undo");
  await online(here);
  expect(server.tasks.get(4)).toMatchObject({ title: "Four", status: "todo", labels: ["x"] });
});

it("a move whose answer was lost is known by its event", async () => {
  const { server, service, commands, press } = await somebody();
  let tries = 0;
  service.weather = () => ((tries += 1) === 1 ? "answer-lost" : "fine");
  commands.move(1, IN_PROGRESS);
  await pass(10_000);
  await press("Undo");
  expect(server.log.at(-1)).toBe("UNDO 4");
  expect(server.tasks.get(1)?.status).toBe("todo");
});

it("what was undone is shown at once, also while the relay is unavailable", async () => {
  const { relay, session, commands, press, said } = await somebody();
  relay.cut();
  commands.move(1, IN_PROGRESS);
  await pass();
  await press("Undo");
  expect([said(), session.column("todo")]).toEqual([
    "Undone: “One” moved to In progress",
    [1, 2, 3],
  ]);
  commands.delete(2);
  await pass();
  await press("Undo");
  expect(session.column("todo")).toEqual([1, 2, 3]);
});

describe.each(["teams", "quick-win"] as const)("%s", (mode) => {
  it("a card that another user has moved on since stays there, and Undo says so", async () => {
    const { server, commands, press, said, stands } = await somebody(mode);
    commands.move(1, IN_PROGRESS);
    await pass();
    server.change(1, { status: "finished" }, "grace");
    await pass();
    await press("Undo");
    expect(stands()).toEqual(["finished", "todo", "todo"]);
    expect(said()).toContain(mode === "teams" ? "undo-conflict" : CHANGED);
  });

  it("a card that another user has moved away and back since stays there as well", async () => {
    const { server, commands, press, stands } = await somebody(mode);
    commands.move(1, IN_PROGRESS);
    await pass();
    server.change(1, { status: "finished" }, "grace");
    server.change(1, { status: "in_progress" }, "grace");
    await pass();
    await press("Undo");
    expect(stands()[0]).toBe("in_progress");
  });

  it("a card that another user moved after the undo is not moved again by Redo", async () => {
    const { server, commands, press, said, stands } = await somebody(mode);
    commands.move(1, IN_PROGRESS);
    await pass();
    await press("Undo");
    const { toasts } = useToasts.getState();
    expect(stands()).toEqual(["todo", "todo", "todo"]);
    server.change(1, { status: "finished" }, "grace");
    await pass();
    await press("Redo");
    expect([stands()[0], said()]).toEqual(["finished", CHANGED]);
    // Nor where it was put back to where the undo had left it.
    server.change(1, { status: "todo" }, "grace");
    await pass();
    useToasts.setState({ toasts });
    await press("Redo");
    expect([stands()[0], said()]).toEqual(["todo", CHANGED]);
  });

  it("Undo and Redo alternate as long as nobody else changes the card", async () => {
    const { commands, press, stands } = await somebody(mode);
    commands.move(1, IN_PROGRESS);
    await pass();
    for (const [label, status] of [
      ["Undo", "todo"],
      ["Redo", "in_progress"],
      ["Undo", "todo"],
      ["Redo", "in_progress"],
    ] as const) {
      await press(label);
      expect(stands()[0]).toBe(status);
    }
  });

  it("a card that another user changed after it was restored is not deleted by Redo", async () => {
    const { server, session, commands, press, said } = await somebody(mode);
    commands.delete(1);
    await pass();
    await press("Undo");
    const back = session.tasks().find(({ title }) => title === "One");
    server.change(back?.id ?? 0, { title: "By grace" }, "grace");
    await pass();
    await press("Redo");
    expect(session.tasks().map(({ title }) => title)).toContain("By grace");
    expect(said()).toBe(CHANGED);
  });
});

it("quick-win: a card that another user deleted first is not created again", async () => {
  const { here, server, session, commands, press, said } = await somebody("quick-win");
  offline(here);
  server.delete(1, "grace");
  commands.delete(1);
  await online(here);
  await press("Undo");
  expect(session.tasks()).toHaveLength(2);
  expect(said()).toContain("there is nothing to undo");
});

describe("a way back into a column that is full", () => {
  /** Task 1 is out of a column that has taken no more since. */
  async function full() {
    const made = await somebody();
    const { server, commands } = made;
    commands.move(1, IN_PROGRESS);
    await pass();
    const columns = server.head.columns.map((column) => ({ ...column, wip_limit: 2 }));
    server.changeHead({ columns }, "ada");
    await pass();
    const makeRoom = async () => {
      server.change(2, { status: "finished" }, "grace");
      await pass();
    };
    return { ...made, makeRoom };
  }
  const FULL = "“To do” is full: 2 of 2 tasks. Move one out first.";

  it("api: 409 wip-limit names the column as people know it, and the toast offers it again", async () => {
    const { server, press, said, makeRoom } = await full();
    await press("Undo");
    expect(said()).toBe(FULL);
    await makeRoom();
    await press("Undo");
    expect(server.tasks.get(1)?.status).toBe("todo");
    await press("Redo");
    expect(server.tasks.get(1)?.status).toBe("in_progress");
  });

  it("is not passed over the next time that Ctrl+Z is pressed", async () => {
    const { server, session, said, makeRoom } = await full();
    const move = server.events.find(({ action }) => action === "Move")?.seq ?? 0;
    const { result } = renderHook(() => useUndoEvent(session));
    const undo = async () => {
      const outcome = result.current(move);
      await act(() => pass());
      return outcome;
    };
    expect(await undo()).toBe("unanswered");
    expect(said()).toBe(FULL);
    await makeRoom();
    expect(await undo()).toBe("done");
    expect(server.tasks.get(1)?.status).toBe("todo");
  });
});
