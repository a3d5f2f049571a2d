/** What people see of their boards: the list, its empty states, and what can be done. */

import { array, assert as check, constantFrom, property, string } from "fast-check";
import { fireEvent, screen, waitFor } from "@testing-library/react-native";
import type { BoardEntry } from "../../generated/api";
import { drafts } from "../../state/drafts";
import type { ListedBoard } from "../../state/queries";
import { firstColumns } from "../../state/first-columns";
import { useSession } from "../../state/session";
import { fakeApi, problem, user, type Asked, type FakeAnswer } from "../../testing/fake-api";
import { renderPart, renderScreen } from "../../testing/render";
import { settings } from "../../utilities/request";
import { RenameBoardDialog } from "./board-dialogs";
import { arrange } from "./board-list";
import { BoardsScreen } from "./boards-screen";

beforeEach(() => useSession.setState({ status: "known", user: user("ada") }));

function entry(id: number, name: string, more: Partial<BoardEntry> = {}): BoardEntry {
  return {
    id,
    name,
    description: "",
    role: "owner",
    archived: false,
    columns: [],
    epoch: "0f8fad5b-d9cb-469f-a165-70867728950e",
    seq: 1,
    version: 1,
    created_at: "2026-11-01T08:00:00.000Z",
    updated_at: `2026-11-0${id}T08:00:00.000Z`,
    ...more,
  };
}

/** Of a new board, in English. */
const columns = firstColumns();
const page = (...items: readonly BoardEntry[]) => ({ body: { items, next_cursor: null } });

it("while the server is asked, the screen says that it loads", async () => {
  fakeApi({ "GET /api/boards": page() });
  renderScreen("Boards", <BoardsScreen mode="teams" />);
  expect(screen.getByText("Loading…")).toBeOnTheScreen();
  expect(await screen.findByText("Your first board")).toBeOnTheScreen();
});

it("an empty list teaches what a board is, and makes the first", async () => {
  const server = fakeApi({
    "GET /api/boards": page(),
    "POST /api/boards": { status: 201, body: entry(5, "Launch") },
  });
  renderScreen("Boards", <BoardsScreen mode="teams" />);
  await screen.findByText(/tasks move through them from left to right/u);
  fireEvent.press(screen.getAllByRole("button", { name: "New board" })[0] ?? screen.root);
  fireEvent.press(screen.getByRole("button", { name: "Create" }));
  expect(screen.getByText("Give the board a name.")).toBeOnTheScreen();
  fireEvent.changeText(screen.getByLabelText("Name"), " Launch ");
  fireEvent.press(screen.getByRole("button", { name: "Create" }));
  await waitFor(() =>
    expect(server.asked.find(({ method }) => method === "POST")?.body).toEqual({
      name: "Launch",
      columns,
    }),
  );
});

it("API-IDEMPOTENCY: a new board whose answer was lost is the same when it is sent again, another name is another board", async () => {
  fakeApi({ "GET /api/boards": page() });
  const { fetch } = settings;
  const keys: (string | null)[] = [];
  settings.fetch = (input, init) => {
    if (init.method !== "POST") return fetch(input, init);
    keys.push(new Headers(init.headers).get("Idempotency-Key"));
    return Promise.reject(new TypeError("the network is away"));
  };
  renderScreen("Boards", <BoardsScreen mode="teams" />);
  await screen.findByText(/tasks move through them from left to right/u);
  fireEvent.press(screen.getAllByRole("button", { name: "New board" })[0] ?? screen.root);
  for (const name of ["Lunch", "Lunch", "Launch"]) {
    const sent = keys.length;
    fireEvent.changeText(screen.getByLabelText("Name"), name);
    fireEvent.press(screen.getByRole("button", { name: "Create" }));
    await waitFor(() => expect(keys).toHaveLength(sent + 1));
    await screen.findByText(/cannot be reached/u);
  }
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
});

it("a board that is made after its dialog was closed is no draft any more", async () => {
  const answers: (() => void)[] = [];
  fakeApi({
    "GET /api/boards": page(),
    "POST /api/boards": { status: 201, body: entry(5, "Launch") },
  });
  const { fetch } = settings;
  settings.fetch = async (input, init) => {
    if (init.method === "POST") await new Promise<void>((resolve) => answers.push(resolve));
    return fetch(input, init);
  };
  renderScreen("Boards", <BoardsScreen mode="teams" />);
  await screen.findByText(/tasks move through them from left to right/u);
  fireEvent.press(screen.getAllByRole("button", { name: "New board" })[0] ?? screen.root);
  fireEvent.changeText(screen.getByLabelText("Name"), "Launch");
  fireEvent.press(screen.getByRole("button", { name: "Create" }));
  fireEvent.press(screen.getByRole("button", { name: "Close" }));
  const kept = `${useSession.getState().user?.id ?? "nobody"}/teams/0/board/name`;
  await waitFor(() => expect(answers).toHaveLength(1));
  expect(drafts.get(kept)?.value).toBe("Launch");
  answers[0]?.();
  await waitFor(() => expect(drafts.get(kept)).toBeUndefined());
});

describe("a search in a list that comes in pages", () => {
  /** Three pages of one board each; the last one can fail. */
  function threePages(last: () => FakeAnswer | null = () => page(entry(3, "Cellar"))) {
    return fakeApi({
      "GET /api/boards": ({ path }) => {
        const cursor = new URLSearchParams(path.split("?")[1]).get("cursor");
        if (cursor === "c") return last();
        const [board, next] = cursor === null ? [entry(1, "Attic"), "b"] : [entry(2, "Barn"), "c"];
        return { body: { items: [board], next_cursor: next } };
      },
    });
  }
  const search = (words: string) =>
    fireEvent.changeText(screen.getByLabelText("Search boards"), words);

  it("looks at every page, and says that none matches only then", async () => {
    const server = threePages();
    renderScreen("Boards", <BoardsScreen mode="teams" />);
    await screen.findByText("1 board");
    expect(server.asked).toHaveLength(1);
    search("cell");
    expect(screen.queryByText("No board matches")).toBeNull();
    expect(screen.getByText("Searching… 1 board searched so far")).toBeOnTheScreen();
    expect(await screen.findByText("Cellar")).toBeOnTheScreen();
    expect(screen.queryByText(/Searching/u)).toBeNull();
    search("zzz");
    expect(await screen.findByText("No board matches")).toBeOnTheScreen();
    expect(server.asked).toHaveLength(3);
  });

  it("that could not be read completely does not say that none matches, and continues on request", async () => {
    let isDown = true;
    threePages(() =>
      isDown ? problem(500, "internal", "A fault of the server.") : page(entry(3, "Cellar")),
    );
    renderScreen("Boards", <BoardsScreen mode="teams" />);
    await screen.findByText("1 board");
    search("cell");
    expect(
      await screen.findByText("Nothing found yet: 2 boards searched, there are more"),
    ).toBeOnTheScreen();
    expect(screen.queryByText("No board matches")).toBeNull();
    isDown = false;
    fireEvent.press(screen.getByRole("button", { name: "Show more" }));
    expect(await screen.findByText("Cellar")).toBeOnTheScreen();
  });
});

it("boards are there by newest activity, by name if asked, and only what the search names", async () => {
  fakeApi({
    "GET /api/boards": page(
      entry(1, "Alpha"),
      entry(3, "Garden", { description: "Beds and paths" }),
      entry(2, "Kitchen"),
    ),
  });
  renderScreen("Boards", <BoardsScreen mode="teams" />);
  const names = () =>
    screen.getAllByText(/^(Alpha|Garden|Kitchen)$/u).map(({ props }) => String(props["children"]));
  await screen.findByText("3 boards");
  expect(names()).toEqual(["Garden", "Kitchen", "Alpha"]);
  fireEvent.changeText(screen.getByLabelText("Search boards"), "PATHS");
  expect(screen.getByText("1 board")).toBeOnTheScreen();
  expect(screen.getByText("Garden")).toBeOnTheScreen();
  expect(screen.queryByText("Kitchen")).toBeNull();
  fireEvent.changeText(screen.getByLabelText("Search boards"), "zzz");
  fireEvent.press(screen.getByRole("button", { name: "Clear the search" }));
  expect(screen.getByText("3 boards")).toBeOnTheScreen();
});

it("without a network the last list stays, with a note", async () => {
  let online = true;
  fakeApi({ "GET /api/boards": () => (online ? page(entry(1, "Garden")) : null) });
  renderScreen("Boards", <BoardsScreen mode="teams" />);
  await screen.findByText("Garden");
  online = false;
  fireEvent.press(screen.getByRole("radio", { name: "Archived" }));
  expect(await screen.findByText(/cannot be reached/u, {}, { timeout: 5000 })).toBeOnTheScreen();
  fireEvent.press(screen.getByRole("radio", { name: "Active" }));
  expect(await screen.findByText("Garden")).toBeOnTheScreen();
  const note = await screen.findByText(/as this device saw it/u, {}, { timeout: 5000 });
  expect(note).toBeOnTheScreen();
});

it("api: the trash lists what was deleted, and restore brings it back", async () => {
  const deleted = entry(4, "Kitchen", { deleted_at: "2026-11-20T08:00:00.000Z" });
  const server = fakeApi({
    "GET /api/boards": ({ path }: Asked) =>
      path.includes("deleted=true") ? page(deleted) : page(entry(1, "Garden")),
    "POST /api/boards/4/restore": { body: entry(4, "Kitchen") },
  });
  renderScreen("Boards", <BoardsScreen mode="teams" />);
  await screen.findByText("Garden");
  fireEvent.press(screen.getByRole("radio", { name: "Trash" }));
  fireEvent.press(await screen.findByRole("button", { name: "Restore: Kitchen" }));
  expect(await screen.findByText("“Kitchen” is back.")).toBeOnTheScreen();
  expect(server.asked.some(({ path }) => path === "/api/boards/4/restore")).toBe(true);
});

it("503 not-configured: the list explains that there are no accounts", async () => {
  fakeApi({
    "GET /api/boards": problem(503, "not-configured", "No database.", {}, { "Retry-After": "60" }),
  });
  renderScreen("Boards", <BoardsScreen mode="teams" />);
  expect(await screen.findByText("This server has no accounts")).toBeOnTheScreen();
});

it("api: a list that fails says why in the server's words and can be asked for again", async () => {
  let works = false;
  fakeApi({
    "GET /api/boards": () =>
      works ? page(entry(1, "Garden")) : problem(500, "internal", "That was our mistake."),
  });
  renderScreen("Boards", <BoardsScreen mode="teams" />);
  expect(await screen.findByText("That was our mistake.")).toBeOnTheScreen();
  works = true;
  fireEvent.press(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Garden")).toBeOnTheScreen();
});

it("without an account: everybody shares the boards, which is said, and nothing is archived", async () => {
  const board = { ...entry(1, "Meeting"), tasks: [], events: [] };
  fakeApi({ "GET /api/quick-win/boards": { body: { boards: [board], next_cursor: null } } });
  renderScreen("QuickWin", <BoardsScreen mode="quick-win" />);
  expect(await screen.findByText("Meeting")).toBeOnTheScreen();
  expect(screen.getByText(/sees and changes these boards/u)).toBeOnTheScreen();
  const counts = "To do: 0 tasks, In progress: 0 tasks, and Finished: 0 tasks";
  expect(screen.getByLabelText(counts)).toBeOnTheScreen();
  expect(screen.queryByRole("radio", { name: "Archived" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Import" })).toBeNull();
});

it("arranging loses and invents no board, whatever the names and the order", () => {
  const boards = array(string()).map((names) =>
    names.map((name, id): ListedBoard => ({
      id,
      name,
      description: "",
      updatedAt: new Date(id * 1000).toISOString(),
      version: 1,
      entry: null,
      columns: [],
      members: [],
      memberCount: 0,
    })),
  );
  check(
    property(boards, constantFrom("activity" as const, "name" as const), (all, order) => {
      const ids = arrange(all, "", order).map(({ id }) => id);
      expect([...ids].sort((a, b) => a - b)).toEqual(all.map(({ id }) => id));
      if (order === "activity") expect(ids).toEqual(all.map(({ id }) => id).reverse());
    }),
  );
});

it("what was typed for a new board is there again when the dialog is opened again", async () => {
  const server = fakeApi({
    "GET /api/boards": page(entry(1, "Garden")),
    "POST /api/boards": { status: 201, body: entry(5, "Kitchen") },
  });
  const opens = () =>
    fireEvent.press(screen.getAllByRole("button", { name: "New board" })[0] ?? screen.root);
  renderScreen("Boards", <BoardsScreen mode="teams" />);
  await screen.findByText("Garden");
  opens();
  fireEvent.changeText(screen.getByLabelText("Name"), "x".repeat(101));
  fireEvent.press(screen.getByRole("button", { name: "Create" }));
  expect(screen.getByText("At most 100 characters; this has 101.")).toBeOnTheScreen();
  fireEvent.changeText(screen.getByLabelText("Name"), "Kitchen");
  fireEvent.changeText(screen.getByLabelText("Description"), "All that is to be cooked");
  fireEvent.press(screen.getByRole("button", { name: "Close" }));
  const kept = `${useSession.getState().user?.id ?? "nobody"}/teams/0/board/name`;
  expect(drafts.get(kept)?.value).toBe("Kitchen");
  opens();
  expect(screen.getByLabelText("Name")).toHaveDisplayValue("Kitchen");
  expect(screen.getByLabelText("Description")).toHaveDisplayValue("All that is to be cooked");
  fireEvent.press(screen.getByRole("button", { name: "Create" }));
  await waitFor(() => expect(server.asked.some(({ method }) => method === "POST")).toBe(true));
  await waitFor(() => expect(screen.queryByLabelText("Description")).toBeNull());
  const sent = server.asked.find(({ method }) => method === "POST")?.body;
  expect(sent).toEqual({ name: "Kitchen", description: "All that is to be cooked", columns });
  expect(drafts.get(kept)).toBeUndefined();
});

describe.each(["teams", "quick-win"] as const)("renaming a board in the list (%s)", (mode) => {
  const path = mode === "teams" ? "/api/boards/9" : "/api/quick-win/boards/9";
  const board = entry(9, "Garden", { version: 3 });

  /** A board that is "Garden", version 3, in the list, and this by now. */
  function renameOn(now: { name: string; version: number }) {
    let server = { ...board, tasks: [], events: [], members: [], ...now };
    fakeApi({
      [`GET ${path}`]: () => ({ body: server }),
      [`PATCH ${path}`]: ({ body, ifMatch }) => {
        if (ifMatch !== undefined && ifMatch !== `"${server.version}"`) {
          return problem(412, "precondition-failed", "Other.");
        }
        server = { ...server, ...Object(body), version: server.version + 1 };
        return { body: server };
      },
    });
    const onClose = jest.fn();
    const more = { updatedAt: board.updated_at, members: [], memberCount: 0 };
    const entryOrNot = mode === "teams" ? board : null;
    const inList: ListedBoard = { ...board, ...more, columns: [], entry: entryOrNot };
    renderPart(<RenameBoardDialog mode={mode} board={inList} onClose={onClose} />);
    fireEvent.changeText(screen.getByLabelText("Name"), "Yard");
    fireEvent.press(screen.getByRole("button", { name: "Save" }));
    const closed = () => waitFor(() => expect(onClose).toHaveBeenCalled());
    return { closed, name: () => server.name };
  }

  it("is done if something else of it was changed in the meantime", async () => {
    const { name, closed } = renameOn({ name: "Garden", version: 5 });
    await closed();
    expect(name()).toBe("Yard");
  });

  it("asks if another user has renamed it, and overwrites the name only on request", async () => {
    const { name, closed } = renameOn({ name: "Allotment", version: 4 });
    expect(
      await screen.findByText("Somebody changed this while you were writing."),
    ).toBeOnTheScreen();
    expect(screen.getByText("Allotment")).toBeOnTheScreen();
    expect(screen.getByRole("button", { name: "Save" })).toBeDisabled();
    expect(name()).toBe("Allotment");
    fireEvent.press(screen.getByRole("button", { name: "Keep mine" }));
    fireEvent.press(screen.getByRole("button", { name: "Save" }));
    await closed();
    expect(name()).toBe("Yard");
  });

  it("keeps theirs on request", async () => {
    const { name, closed } = renameOn({ name: "Allotment", version: 4 });
    fireEvent.press(await screen.findByRole("button", { name: "Take theirs" }));
    await closed();
    expect(name()).toBe("Allotment");
  });
});

// Its first loading takes longer than a test waits.
beforeAll(() => import("./import-dialog"));

it("an import that is cancelled is stopped, and the app says that the board may come anyway", async () => {
  const server = fakeApi({ "GET /api/boards": page(entry(1, "Garden")) });
  const { fetch } = settings;
  const signals: (AbortSignal | null | undefined)[] = [];
  settings.fetch = (input, init) => {
    if (init.method !== "POST") return fetch(input, init);
    signals.push(init.signal);
    return new Promise((_, reject) =>
      init.signal?.addEventListener("abort", () => reject(new Error("aborted"))),
    );
  };
  renderScreen("Boards", <BoardsScreen mode="teams" />);
  await screen.findByText("Garden");
  fireEvent.press(screen.getByRole("button", { name: "Import" }));
  fireEvent.changeText(
    await screen.findByLabelText("The file's content"),
    '{"name":"A","tasks":[]}',
  );
  fireEvent.press(screen.getAllByRole("button", { name: "Import" }).at(-1) ?? screen.root);
  await screen.findByText("Importing The file's content…");
  const read = server.asked.length;
  fireEvent.press(screen.getByRole("button", { name: "Cancel" }));
  expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  expect(await screen.findByText(/was stopped\. It had been sent/u)).toBeOnTheScreen();
  expect(screen.queryByText("Import a board")).toBeNull();
  await waitFor(() => expect(server.asked.length).toBeGreaterThan(read));
});

it("API-IDEMPOTENCY: an import whose answer was lost is asked for again by the same key, until it is answered", async () => {
  fakeApi({ "GET /api/boards": page(entry(1, "Garden")) });
  const { fetch } = settings;
  const keys: (string | null)[] = [];
  settings.fetch = (input, init) => {
    if (init.method !== "POST") return fetch(input, init);
    keys.push(new Headers(init.headers).get("Idempotency-Key"));
    const body = { ...entry(7, "A"), warnings: [] };
    return keys.length === 1
      ? Promise.reject(new TypeError("the network is away"))
      : Promise.resolve(Response.json(body, { status: 201 }));
  };
  const send = async () => {
    fireEvent.press(screen.getByRole("button", { name: "Import" }));
    fireEvent.changeText(
      await screen.findByLabelText("The file's content"),
      '{"name":"A","tasks":[]}',
    );
    fireEvent.press(screen.getAllByRole("button", { name: "Import" }).at(-1) ?? screen.root);
  };
  renderScreen("Boards", <BoardsScreen mode="teams" />);
  await screen.findByText("Garden");
  await send();
  await screen.findByText(/cannot be reached/u);
  fireEvent.press(screen.getByRole("button", { name: "Cancel" }));
  await send();
  fireEvent.press(await screen.findByRole("button", { name: "Close" }));
  await send();
  await screen.findByRole("button", { name: "Close" });
  expect(keys).toHaveLength(3);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
});

it("API-IMPORT: what could not be imported is listed in sentences that name the card, without pointers", async () => {
  const warnings = [
    {
      pointer: "/cards/0/stickers",
      code: "not-carried",
      arguments: { field: "stickers", task: "Pond" },
      detail: "x",
    },
    ...Array.from({ length: 60 }, (_, nth) => ({
      pointer: `/cards/${nth + 1}`,
      code: "archived-task",
      arguments: { task: `Old ${nth}`, comments: 0 },
      detail: "x",
    })),
  ];
  fakeApi({
    "GET /api/boards": page(entry(1, "Garden")),
    "POST /api/boards/import": {
      status: 201,
      body: { ...entry(7, "From Trello"), archived: true, warnings },
    },
  });
  renderScreen("Boards", <BoardsScreen mode="teams" />);
  await screen.findByText("Garden");
  fireEvent.press(screen.getByRole("button", { name: "Import" }));
  fireEvent.changeText(
    await screen.findByLabelText("The file's content"),
    '{"name":"A","tasks":[]}',
  );
  fireEvent.press(screen.getAllByRole("button", { name: "Import" }).at(-1) ?? screen.root);
  expect(await screen.findByText("“Pond” comes without its stickers.")).toBeOnTheScreen();
  expect(
    screen.getByText("It was archived, so it is among the archived boards."),
  ).toBeOnTheScreen();
  expect(screen.queryByText(/\/cards\//u)).toBeNull();
  expect(screen.queryByText(/Old 59/u)).toBeNull();
  fireEvent.press(screen.getByRole("button", { name: "Show all 61" }));
  expect(screen.getByText(/Old 59/u)).toBeOnTheScreen();
});
