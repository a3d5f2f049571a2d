/** An account as its owner manages it: log-ins, a file of their data, and the end of it. */

import { act, fireEvent, screen, waitFor } from "@testing-library/react-native";
import { navigation } from "../../navigation/open";
import { drafts } from "../../state/drafts";
import { usePreferences } from "../../state/preferences";
import { useSession } from "../../state/session";
import { fakeApi, problem, user, type FakeRoutes } from "../../testing/fake-api";
import { renderScreen } from "../../testing/render";
import * as files from "../../utilities/files";
import { deviceStorage } from "../../utilities/storage";
import { AccountParts } from "./account-parts";

const LIST = "GET /api/auth/sessions";
const DELETE = "POST /api/auth/delete-account";
const login = (id: number, more: object = {}) => ({
  id,
  user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0",
  created_at: "2026-11-01T12:00:00.000Z",
  last_seen_at: "2026-11-30T12:00:00.000Z",
  expires_at: "2026-12-01T12:00:00.000Z",
  current: false,
  ...more,
});
const page = (...items: readonly object[]) => ({ body: { items, next_cursor: null } });

beforeEach(() => {
  usePreferences.setState({ language: "en" });
  useSession.setState({ status: "known", user: user("ada") });
});

function show(routes: FakeRoutes) {
  const server = fakeApi({
    [LIST]: page(login(1, { current: true })),
    "GET /api/auth/tokens": page(),
    "GET /api/auth/totp": { body: { enabled_at: null, recovery_codes: 0 } },
    ...routes,
  });
  renderScreen("Profile", <AccountParts />);
  return server;
}

const press = (name: string) => fireEvent.press(screen.getByRole("button", { name }));

describe("log-ins", () => {
  it("API-SESSIONS: each is shown with its browser, and the current one has no button", async () => {
    show({ [LIST]: page(login(2, { user_agent: null }), login(1, { current: true })) });
    expect(await screen.findByText("Firefox on Linux")).toBeOnTheScreen();
    expect(screen.getByText("Unknown device")).toBeOnTheScreen();
    expect(screen.getByText("This one")).toBeOnTheScreen();
    expect(screen.getAllByRole("button", { name: /^Log out: / })).toHaveLength(1);
  });

  it("API-SESSIONS: another is logged out from here", async () => {
    let items = [login(2, { user_agent: "curl/8.14.1" }), login(1, { current: true })];
    const { asked } = show({
      [LIST]: () => page(...items),
      "DELETE /api/auth/sessions/2": () => {
        items = items.slice(1);
        return { status: 204 };
      },
    });
    fireEvent.press(
      await screen.findByRole("button", { name: /^Log out: curl\/8\.14\.1, since/u }),
    );
    expect(await screen.findByText("That device is logged out.")).toBeOnTheScreen();
    await waitFor(() => expect(screen.queryByText("curl/8.14.1")).toBeNull());
    expect(asked.filter(({ method }) => method === "DELETE")).toHaveLength(1);
  });

  it("a failure to load is reported in place and can be retried", async () => {
    let network = false;
    usePreferences.setState({ language: "de" });
    show({ [LIST]: () => (network ? page(login(1, { current: true })) : null) });
    const failed = "Ihre Anmeldungen konnten nicht geladen werden";
    expect(await screen.findByText(failed, {}, { timeout: 5_000 })).toBeOnTheScreen();
    network = true;
    press("Erneut versuchen");
    expect(await screen.findByText(/^Firefox .* Linux$/u)).toBeOnTheScreen();
  });
});

describe("a file of one's data", () => {
  it.each([
    [false, "The file is saved."],
    [true, /^The file is saved, with the newest/u],
  ])("API-ACCOUNT-EXPORT: is saved, and tells whether it is cut (%s)", async (cut, words) => {
    const save = jest.spyOn(files, "saveFile").mockResolvedValue(undefined);
    show({ "GET /api/auth/export": { body: { exported_at: "2026-11-30T12:00:00Z", cut } } });
    press("Save my data");
    expect(await screen.findByText(words)).toBeOnTheScreen();
    const [name, content, type] = save.mock.lastCall ?? [];
    expect([name, type]).toEqual(["ada.json", "application/json"]);
    expect(JSON.parse(content ?? "")).toEqual({ exported_at: "2026-11-30T12:00:00Z", cut });
  });

  it("a failure is reported in place", async () => {
    show({ "GET /api/auth/export": problem(500, "internal", "…") });
    press("Save my data");
    expect(await screen.findByText("The file could not be made")).toBeOnTheScreen();
  });
});

describe("the end of an account", () => {
  const open = () => press("Delete my account…");
  const confirm = () => press("Delete my account");
  const type = (password: string) =>
    fireEvent.changeText(screen.getByLabelText("Password"), password);

  it("API-ACCOUNT-DELETE: says what becomes of the boards, asks the password, and leaves nothing here", async () => {
    const kept = `${user("ada").id}/teams/7/`;
    drafts.set(`${kept}1/title`, "half a title", "");
    const { asked } = show({ [DELETE]: { status: 204 } });
    open();
    expect(screen.getByText(/^Boards that only you are on go into the trash/u)).toBeOnTheScreen();
    confirm();
    expect(screen.getByText("Type your password.")).toBeOnTheScreen();
    expect(asked.filter(({ method }) => method === "POST")).toEqual([]);
    type("correct horse battery");
    confirm();
    expect(await screen.findByText("Your account is deleted.")).toBeOnTheScreen();
    expect(navigation.getCurrentRoute()?.name).toBe("Home");
    expect(useSession.getState()).toMatchObject({ status: "guest", user: null });
    expect(drafts.under(kept)).toEqual([]);
    const body = { password: "correct horse battery", delete_boards: false };
    expect(asked.find(({ method }) => method === "POST")?.body).toEqual(body);
  });

  it.each([
    problem(401, "invalid-credentials", "That is not your password."),
    problem(422, "validation", "One field is not acceptable.", {
      errors: [{ pointer: "/password", detail: "is not your password" }],
    }),
  ])("api: 401 a wrong password is told at its field, and the session goes on (%#)", async (no) => {
    show({ [DELETE]: no });
    open();
    type("wrong");
    confirm();
    expect(await screen.findByText("That is not your password.")).toBeOnTheScreen();
    expect(useSession.getState().status).toBe("known");
    type("wrong again");
    expect(screen.queryByText("That is not your password.")).toBeNull();
  });

  it("API-ACCOUNT-DELETE: boards that need an owner are listed with the way to their members, or go along", async () => {
    const boards = [
      { id: 7, name: "Launch", members: 3 },
      { id: 8, name: "Move", members: 2 },
    ];
    let answer = problem(409, "boards-owned", "2 boards.", { boards });
    const { asked } = show({ [DELETE]: () => answer });
    open();
    type("correct horse battery");
    confirm();
    expect(await screen.findByRole("link", { name: "Launch, 3 members" })).toBeOnTheScreen();
    expect(screen.getByRole("link", { name: "Move, 2 members" })).toBeOnTheScreen();
    expect(screen.getByLabelText("Password")).toHaveDisplayValue("correct horse battery");
    answer = { status: 204 };
    fireEvent.press(screen.getByRole("checkbox", { name: "Delete these boards as well" }));
    confirm();
    expect(await screen.findByText("Your account is deleted.")).toBeOnTheScreen();
    const sent = asked.filter(({ method }) => method === "POST").map(({ body }) => body);
    const body = { password: "correct horse battery" };
    expect(sent).toEqual([
      { ...body, delete_boards: false },
      { ...body, delete_boards: true },
    ]);
  });

  it("API-ACCOUNT-DELETE: the last admin, and a user after too many failures, is told why in place", async () => {
    usePreferences.setState({ language: "de" });
    let answer = problem(409, "last-admin", "There would be no admin.");
    show({ [DELETE]: () => answer });
    press("Mein Konto löschen …");
    fireEvent.changeText(screen.getByLabelText("Passwort"), "correct horse battery");
    press("Mein Konto löschen");
    expect(await screen.findByText(/^Jemand muss verwalten/u)).toBeOnTheScreen();
    answer = problem(429, "too-many-attempts", "…", {}, { "Retry-After": "65" });
    press("Mein Konto löschen");
    expect(await screen.findByText(/^Wieder möglich in 1:0/u)).toBeOnTheScreen();
    expect(screen.getByRole("button", { name: "Mein Konto löschen" })).toBeDisabled();
  });

  it("changes that wait on this device are counted before they are lost", async () => {
    const key = `queue/${user("ada").id}/teams/7/command/1-a`;
    await deviceStorage.set(key, "{}");
    show({});
    open();
    expect(await screen.findByText(/^1 change on this device was not sent/u)).toBeOnTheScreen();
    await act(() => deviceStorage.remove(key));
  });
});
