/** The admin area: who gets in, and what its parts show and do. */

import { act, fireEvent, screen, waitFor, within } from "@testing-library/react-native";
import type { Activity } from "../../generated/api";
import { useSession } from "../../state/session";
import { useToasts } from "../../state/toasts";
import { aTask, MOMENT } from "../../testing/boards";
import { fakeApi, problem, user, type FakeRoutes } from "../../testing/fake-api";
import { anActivity, anAdminUser, someStats } from "../../testing/monitoring";
import { renderScreen } from "../../testing/render";
import { inside, rowsOf } from "../../testing/tables";
import { settings } from "../../utilities/request";
import { formatsFor } from "../../utilities/texts/formats";
import type { AdminPart } from "./admin-area";
import { AdminScreen } from "./admin-screen";

const mockRelay = {
  state: "open",
  listener: null as { frame: (frame: object) => void; opened: () => void } | null,
  join(listener: { frame: (frame: object) => void; opened: () => void }) {
    mockRelay.listener = listener;
    listener.opened();
    return () => undefined;
  },
  send: jest.fn(),
};
jest.mock("../../state/open-boards", () => ({ relayOf: () => mockRelay }));

const mockStartAt = jest.fn();
jest.mock("../../navigation/open", () => ({
  ...jest.requireActual<object>("../../navigation/open"),
  startAt: (path: string) => mockStartAt(path) as unknown,
}));

const NAMES = {
  activity: "AdminActivity",
  dashboard: "AdminDashboard",
  users: "AdminUsers",
} as const;

function show(part: AdminPart, routes: FakeRoutes) {
  const server = fakeApi(routes);
  renderScreen(NAMES[part], <AdminScreen part={part} />);
  return server;
}

function says(frame: object): void {
  act(() => {
    mockRelay.listener?.frame({ type: "feed", feed: "activity", value: frame });
  });
}

const admin = { ...user("ada"), role: "admin" as const };
const page = (...items: readonly unknown[]) => ({
  body: { items, next_after: null, cursor: "c1", next_cursor: null },
});

// Its first loading takes longer than a test waits.
beforeAll(() =>
  Promise.all([
    import("./admin-area"),
    import("../access/parts"),
    import("../../components/charts/parts"),
  ]),
);

beforeEach(() => {
  mockRelay.send.mockClear();
  useSession.setState({ status: "known", user: admin });
});

it("API-ADMIN: for a user who is not an admin there is no such page, and nothing is requested", () => {
  useSession.setState({ status: "known", user: user("grace") });
  const { asked } = show("dashboard", {});
  expect(screen.getAllByRole("heading", { name: "There is nothing here" })[0]).toBeOnTheScreen();
  expect(asked).toEqual([]);
});

describe("activity", () => {
  it("RT-ACTIVITY: an action appears as a row when it happens", async () => {
    show("activity", { "GET /api/admin/activity": page(anActivity(1, "grace", "Pack")) });
    expect(await screen.findByText(/grace added “Pack”/u)).toBeOnTheScreen();
    expect(mockRelay.send).toHaveBeenCalledWith({
      type: "subscribe",
      feed: "activity",
      after: "c1",
    });
    says({ type: "subscribed", cursor: "c1" });
    expect(screen.getByText("Live")).toBeOnTheScreen();
    says({ type: "event", cursor: "c2", ...anActivity(2, "bob", "Go") });
    expect(await screen.findByText(/bob added “Go”/u)).toBeOnTheScreen();
    fireEvent.press(screen.getByRole("button", { name: "Pause" }));
    says({ type: "event", cursor: "c3", ...anActivity(3, "bob", "Rest") });
    fireEvent.press(await screen.findByRole("button", { name: "Show 1 new entry" }));
    expect(screen.getByText(/bob added “Rest”/u)).toBeOnTheScreen();
  });

  it("a filter starts again from the first page; invalid input is reported there", async () => {
    const { asked } = show("activity", { "GET /api/admin/activity": page() });
    expect(await screen.findByText("Nothing has happened yet")).toBeOnTheScreen();
    fireEvent.changeText(screen.getByLabelText("Board number"), "seven");
    fireEvent.changeText(screen.getByLabelText("From"), "yesterday");
    fireEvent.changeText(screen.getByLabelText("User name"), "<b>");
    fireEvent.press(screen.getByRole("button", { name: "Filter" }));
    expect(screen.getByText("A board has a number, like 12.")).toBeOnTheScreen();
    expect(screen.getByText(/^A user name has letters/u)).toBeOnTheScreen();
    expect(screen.getByText("Write it like 2026-11-29 or 2026-11-29 14:30.")).toBeOnTheScreen();
    fireEvent.changeText(screen.getByLabelText("Board number"), "7");
    fireEvent.changeText(screen.getByLabelText("User name"), "");
    fireEvent.changeText(screen.getByLabelText("From"), "2026-11-29 14:30");
    fireEvent.press(screen.getByRole("button", { name: "Filter" }));
    expect(await screen.findByText("Nothing like that has happened")).toBeOnTheScreen();
    const from = encodeURIComponent(new Date("2026-11-29T14:30").toISOString());
    expect(asked.at(-1)?.path).toContain(`board=7&from=${from}`);
  });

  it("an entry in full says what changed, and what it was about as it was then", async () => {
    const changed = {
      ...anActivity(1, "grace", "Pack"),
      action: "Update",
      changes: { title: ["Pak", "Pack"] },
    };
    show("activity", { "GET /api/admin/activity": page(changed) });
    fireEvent.press(await screen.findByRole("button", { name: /^Details: / }));
    for (const way of ["The board as it was", "The task as it was"])
      expect(screen.getByRole("link", { name: way })).toBeOnTheScreen();
    await screen.findByText("Pak");
    const changes = inside("What changed");
    expect(changes.getByText("Pak")).toBeOnTheScreen();
    const then = inside("As it was right then");
    expect(then.getByText("todo")).toBeOnTheScreen();
  });

  it("an entry in full speaks the words and dates of the app", async () => {
    const base = anActivity(1, "grace", "Pack") as Extract<Activity, { entity: "task" }>;
    const due = "2026-11-30T22:59:59.000Z";
    const changed = {
      ...base,
      action: "Update",
      task: { ...base.task, due_at: due, fields: { size: 3 }, tomorrow: { x: 1 } },
      changes: { due_at: [null, due], fields: [{}, { size: 3 }], position: ["a", "b"] },
    };
    show("activity", { "GET /api/admin/activity": page(changed) });
    fireEvent.press(await screen.findByRole("button", { name: /^Details: / }));
    await screen.findByText("What changed");
    expect(rowsOf("What changed", 3).map(([field, , now]) => [field, now])).toEqual([
      ["Field", "After"],
      ["Due date", formatsFor("en").due(due)],
      ["size", "3"],
    ]);
    const told = rowsOf("As it was right then", 2);
    const fields = told.map(([field]) => field);
    expect(fields).toEqual(expect.arrayContaining(["Number", "Added by", "Last changed", "size"]));
    // Fields of a newer server stay as they are; what is for the server alone is left out.
    expect(told).toContainEqual(["tomorrow", '{"x":1}']);
    expect(fields).not.toContain("position");
    expect(told.flat().filter((text) => /_at$|T\d\d:/u.test(text))).toEqual([]);
  });

  it("an expanded entry shows its fields in the order of an open task, whatever the server's is", async () => {
    const base = anActivity(1, "grace", "Pack") as Extract<Activity, { entity: "task" }>;
    const { id, title, status, due_at, labels, version, description, ...rest } = base.task;
    const task = { version, id, due_at, labels, title, fields: { size: 3 }, status, description };
    const changes = { labels: [[], ["a"]], title: ["Pak", "Pack"], due_at: [null, MOMENT] };
    const changed = { ...base, action: "Update", task: { ...rest, ...task }, changes };
    show("activity", { "GET /api/admin/activity": page(changed) });
    fireEvent.press(await screen.findByRole("button", { name: /^Details: / }));
    await screen.findByText("What changed");
    const changedFields = rowsOf("What changed", 3).map(([field]) => field);
    expect(changedFields).toEqual(["Field", "Title", "Due date", "Label list"]);
    const told = rowsOf("As it was right then", 2).map(([field]) => field);
    const first = ["Number", "Title", "Column", "Assignee", "Start date", "Due date"];
    expect(told.slice(1, 10)).toEqual([...first, "Label list", "Description", "size"]);
    expect(told.at(-1)).toBe("Version");
  });

  it("API-ACTIVITY: the creation of a board is shown with its name, and its columns in words", async () => {
    const columns = [
      { key: "a", name: "Next", wip_limit: 3 },
      { key: "b", name: "Done", wip_limit: null },
    ];
    const made = {
      board_id: 7,
      seq: 0,
      action: "Add",
      entity: "board",
      board: { id: 7, name: "Plan", columns, archived: false, created_at: MOMENT },
      actor: { id: 2, username: "grace" },
      timestamp: MOMENT,
    };
    show("activity", { "GET /api/admin/activity": page(made) });
    expect(await screen.findByText("grace made the board “Plan”")).toBeOnTheScreen();
    expect(screen.getByRole("link", { name: "Board 7" })).toBeOnTheScreen();
    fireEvent.press(screen.getByRole("button", { name: /^Details: / }));
    await screen.findByText("As it was right then");
    const told = rowsOf("As it was right then", 2);
    expect(told).toContainEqual(["Column list", "Next (3 at most), Done"]);
    expect(told).toContainEqual(["Archived", "No"]);
  });

  it("API-MOVE: cards that made room are folded at what they made room for", async () => {
    const moved = (seq: number, id: number) => ({
      ...anActivity(seq, "ada", `Card ${id}`),
      task: aTask({ id, title: `Card ${id}` }),
      action: "Move",
      changes: { position: ["a", "b"] },
    });
    const added = { ...anActivity(3, "ada", "New"), task: aTask({ id: 9, title: "New" }) };
    const elsewhere = { ...anActivity(8, "bob", "Other"), board_id: 8 };
    show("activity", {
      "GET /api/admin/activity": page(added, elsewhere, moved(2, 2), moved(1, 1)),
    });
    const fold = await screen.findByRole("button", { name: "2 cards made room" });
    expect(screen.queryByText(/“Card 1”/u)).toBeNull();
    fireEvent.press(fold);
    expect(screen.getByText(/“Card 1”/u)).toBeOnTheScreen();
    expect(screen.getByRole("button", { name: /^Details: .*“Card 2”/u })).toBeOnTheScreen();
  });

  it("who is no longer an admin is told so", async () => {
    show("activity", { "GET /api/admin/activity": page(anActivity(1)) });
    await screen.findByText(/grace added/u);
    says({ type: "unsubscribed", reason: "removed" });
    expect(screen.getByText(/You are no longer an admin/u)).toBeOnTheScreen();
    expect(screen.getByText("Ended")).toBeOnTheScreen();
    expect(screen.queryByText(/connecting/u)).toBeNull();
  });

  it("what cannot be loaded is said", async () => {
    show("activity", {
      "GET /api/admin/activity": problem(500, "internal", "Something broke."),
    });
    expect(await screen.findByText("The activity could not be loaded")).toBeOnTheScreen();
  });
});

describe("dashboard", () => {
  it("API-STATS: every number is there", async () => {
    show("dashboard", { "GET /api/admin/stats": { body: someStats() } });
    const numbers = within(await screen.findByLabelText("Numbers"));
    for (const number of ["12", "5", "40", "9", "97.5 %", "6"])
      expect(numbers.getByText(number)).toBeOnTheScreen();
    // The active people, and the entries that lag or are pending.
    expect(numbers.getAllByText("3")).toHaveLength(2);
    expect(numbers.getByText("PostgreSQL works")).toBeOnTheScreen();
    fireEvent.press(screen.getByRole("button", { name: "Show as table: Events a minute" }));
    const minutes = inside("Events a minute");
    expect(minutes.getByText("40")).toBeOnTheScreen();
    for (const [chart, p99] of [
      ["From publish to socket", "31 ms"],
      ["From change to client", "48 ms"],
    ] as const) {
      fireEvent.press(screen.getByRole("button", { name: `Show as table: ${chart}` }));
      expect(inside(chart).getByText(p99)).toBeOnTheScreen();
    }
    const boards = inside("Busiest boards");
    expect(boards.getByRole("link", { name: "Launch" })).toBeOnTheScreen();
    expect(boards.getByText("1,830")).toBeOnTheScreen();
    expect(
      screen.getByText(/2 guests, 4 boards in memory, version 0\.1\.0, 3 ms behind/u),
    ).toBeOnTheScreen();
    expect(screen.getByText("Task: Moved")).toBeOnTheScreen();
  });

  it("API-STATS: a former admin is told so, and sees no numbers", async () => {
    const gone = problem(404, "not-found", "There is nothing at /api/admin/stats.");
    show("dashboard", { "GET /api/admin/stats": gone });
    expect(await screen.findByText(/You are no longer an admin/u)).toBeOnTheScreen();
    expect(screen.queryByText(/api\/admin/u)).toBeNull();
  });

  it("API-STATS: Redis's numbers are missing while it is unavailable", async () => {
    const nothing = {
      events: null,
      people: null,
      busiest_boards: null,
      connections: null,
      relays: null,
      latency: null,
      stream: null,
      cache: null,
      deliveries: null,
    };
    const stores = { postgresql: "ok", redis: "unavailable" } as const;
    show("dashboard", { "GET /api/admin/stats": { body: someStats({ ...nothing, stores }) } });
    expect(await screen.findByText("Redis is unavailable")).toBeOnTheScreen();
    expect(screen.getAllByText("not known").length).toBeGreaterThanOrEqual(5);
    expect(screen.getByText("12")).toBeOnTheScreen();
  });
});

describe("users", () => {
  const users = page(anAdminUser("ada", { role: "admin" }), anAdminUser("grace"));

  it("API-RESET: a user who forgot the password gets a link, unless they are disabled", async () => {
    show("users", {
      "GET /api/admin/users": page(anAdminUser("grace"), anAdminUser("bob", { disabled: true })),
    });
    fireEvent.press(await screen.findByRole("button", { name: "Reset link for grace" }));
    expect(await screen.findByRole("button", { name: "Make the link" })).toBeOnTheScreen();
    expect(screen.queryByRole("button", { name: "Reset link for bob" })).toBeNull();
  });

  it("API-INVITATION: admins invite to an account by link", async () => {
    const { asked } = show("users", {
      "GET /api/admin/users": users,
      "GET /api/admin/invitations": page(),
    });
    fireEvent.press(await screen.findByRole("button", { name: "Invite by link" }));
    expect(await screen.findByText("There are none.")).toBeOnTheScreen();
    expect(asked.some(({ path }) => path.startsWith("/api/admin/invitations"))).toBe(true);
  });

  it("API-ADMIN: disabling is asked about, and said when it is done", async () => {
    const { asked } = show("users", {
      "GET /api/admin/users": users,
      "PATCH /api/admin/users/grace": { body: anAdminUser("grace", { disabled: true }) },
    });
    fireEvent.press(await screen.findByRole("button", { name: "Disable grace" }));
    expect(asked.filter(({ method }) => method === "PATCH")).toEqual([]);
    fireEvent.press(inside("Disable grace?").getByRole("button", { name: "Disable" }));
    expect(await screen.findByText("grace is disabled.")).toBeOnTheScreen();
    const sent = asked.filter(({ method }) => method === "PATCH").map(({ body }) => body);
    expect(sent).toEqual([{ disabled: true }]);
    expect(screen.queryByRole("button", { name: "Disable ada" })).toBeNull();
  });

  it("API-ADMIN: 409 the last admin stays one, and is told what to do first", async () => {
    show("users", {
      "GET /api/admin/users": users,
      "PATCH /api/admin/users/ada": problem(409, "last-admin", "There would be no admin."),
    });
    fireEvent.press(await screen.findByRole("combobox", { name: "Role of ada" }));
    fireEvent.press(screen.getByRole("radio", { name: "User" }));
    fireEvent.press(await screen.findByRole("button", { name: "Give up" }));
    expect(await screen.findByText(/make somebody else one first/u)).toBeOnTheScreen();
  });

  it("API-ADMIN: an admin who gives up the role is led to their boards, and told why", async () => {
    let role: "admin" | "user" = "admin";
    show("users", {
      "GET /api/admin/users": users,
      "GET /api/auth/me": () => ({ body: { ...admin, role } }),
      "PATCH /api/admin/users/ada": () => {
        role = "user";
        return { body: anAdminUser("ada") };
      },
    });
    fireEvent.press(await screen.findByRole("combobox", { name: "Role of ada" }));
    fireEvent.press(screen.getByRole("radio", { name: "User" }));
    fireEvent.press(await screen.findByRole("button", { name: "Give up" }));
    await waitFor(() => expect(mockStartAt).toHaveBeenCalledWith("/boards"));
    await waitFor(() => expect(useSession.getState().user?.role).toBe("user"));
    expect(useToasts.getState().toasts.at(-1)?.text).toMatch(/^You are no longer an admin/u);
  });

  it("API-ADMIN: a former admin is told so in words when they change something", async () => {
    const gone = problem(404, "not-found", "There is nothing at /api/admin/users.");
    let answer: typeof users | typeof gone = users;
    show("users", {
      "GET /api/admin/users": () => answer,
      "PATCH /api/admin/users/grace": gone,
    });
    fireEvent.press(await screen.findByRole("combobox", { name: "Role of grace" }));
    answer = gone;
    fireEvent.press(screen.getByRole("radio", { name: "Admin" }));
    expect(await screen.findByRole("button", { name: "To the boards" })).toBeOnTheScreen();
    expect(screen.getAllByText(/^You are no longer an admin/u)).toHaveLength(2);
    expect(screen.queryByText(/api\/admin/u)).toBeNull();
  });

  it("for a role or a state that nobody has, no name is mentioned", async () => {
    show("users", {
      "GET /api/admin/users": ({ path }) => (path.includes("disabled=true") ? page() : users),
    });
    fireEvent.press(await screen.findByRole("combobox", { name: "State" }));
    fireEvent.press(screen.getByRole("radio", { name: "Disabled" }));
    expect(await screen.findByText("Nobody has this role and state")).toBeOnTheScreen();
    expect(screen.queryByText("Nobody has this name")).toBeNull();
  });

  it("a role that is on its way is shown, and its choice keeps the keyboard", async () => {
    show("users", { "GET /api/admin/users": users });
    const { fetch } = settings;
    settings.fetch = (input, init) =>
      init.method === "PATCH" ? new Promise(() => undefined) : fetch(input, init);
    fireEvent.press(await screen.findByRole("combobox", { name: "Role of grace" }));
    fireEvent.press(screen.getByRole("radio", { name: "Admin" }));
    const choice = screen.getByRole("combobox", { name: "Role of grace" });
    await waitFor(() => expect(within(choice).getByText("Admin")).toBeOnTheScreen());
    expect(choice).toBeEnabled();
  });

  it("a search asks the server; an empty result is announced", async () => {
    const { asked } = show("users", {
      "GET /api/admin/users": ({ path }) => (path.includes("q=zoe") ? page() : users),
    });
    await screen.findByText("grace");
    fireEvent.changeText(screen.getByLabelText("Search users"), " zoe ");
    expect(await screen.findByText("Nobody has this name")).toBeOnTheScreen();
    await waitFor(() => expect(asked.at(-1)?.path).toContain("q=zoe"));
  });
});
