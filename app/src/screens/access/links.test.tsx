/** Links that let somebody in: made by owners and admins, shown once, and revoked. */

import { fireEvent, screen, waitFor } from "@testing-library/react-native";
import { usePreferences } from "../../state/preferences";
import { useSession } from "../../state/session";
import { fakeApi, problem, user, type FakeRoutes } from "../../testing/fake-api";
import { renderScreen } from "../../testing/render";
import * as clipboard from "../../utilities/clipboard";
import { settings } from "../../utilities/request";
import { LinksDialog } from "./links-dialog";

const SERVER = "https://boards.example";
const LIST = "GET /api/boards/7/invitations";
const MAKE = "POST /api/boards/7/invitations";
const invitation = (id: number, more: object = {}) => ({
  id,
  role: "editor",
  uses: 1,
  used: 0,
  created_by: "ada",
  active: true,
  created_at: "2026-11-30T12:00:00.000Z",
  expires_at: "2026-12-07T12:00:00.000Z",
  ...more,
});
const page = (...items: readonly object[]) => ({ body: { items, next_cursor: null } });
const onClose = jest.fn();

beforeEach(() => {
  usePreferences.setState({ language: "en" });
  useSession.setState({ status: "known", user: user("ada"), registration: "open" });
  settings.server = SERVER;
});
afterEach(() => {
  settings.server = "";
});

function show(routes: FakeRoutes, board: number | null = 7) {
  const there = Object.entries(routes).map(([call, answer]) => [
    call.replace(" ", ` ${SERVER}`),
    answer,
  ]);
  const server = fakeApi(Object.fromEntries(there) as FakeRoutes);
  renderScreen("Members", <LinksDialog board={board} onClose={onClose} />);
  return server;
}

const press = (name: string) => fireEvent.press(screen.getByRole("button", { name }));

it("API-INVITATION: an owner chooses role, time and how many, and sees the link this once", async () => {
  const copy = jest.spyOn(clipboard, "copyText").mockResolvedValue(true);
  let made = false;
  const { asked } = show({
    [LIST]: () => (made ? page(invitation(1, { uses: null, role: "viewer" })) : page()),
    [MAKE]: () => {
      made = true;
      return { status: 201, body: invitation(1, { uses: null, role: "viewer", token: "secret" }) };
    },
  });
  expect(await screen.findByText("There are none.")).toBeOnTheScreen();
  fireEvent.press(screen.getByRole("combobox", { name: "Role" }));
  fireEvent.press(screen.getByRole("radio", { name: "Viewer: reads only" }));
  fireEvent.press(screen.getByRole("radio", { name: "30 days" }));
  fireEvent.press(screen.getByRole("radio", { name: "Many people" }));
  press("Make a link");
  const field = await screen.findByLabelText("The link");
  expect(field).toHaveDisplayValue("https://boards.example/invite#secret");
  expect(screen.getByText("You will not see it again: copy it now.")).toBeOnTheScreen();
  expect(asked.find(({ method }) => method === "POST")?.body).toEqual({
    role: "viewer",
    expires_in_days: 30,
    uses: null,
  });
  press("Copy");
  expect(copy).toHaveBeenCalledWith("https://boards.example/invite#secret");
  expect(await screen.findByText("The link is copied.")).toBeOnTheScreen();
  const facts = /^Revoke: Viewer, for many people, used by 0 · until .* · by ada$/u;
  expect(await screen.findByRole("button", { name: facts })).toBeOnTheScreen();
});

it("API-INVITATION: an owner takes a link back, and each button says which", async () => {
  let items = [invitation(1), invitation(2, { role: "viewer" })];
  const { asked } = show({
    [LIST]: () => page(...items),
    "DELETE /api/boards/7/invitations/2": () => {
      items = items.slice(0, 1);
      return { status: 204 };
    },
  });
  fireEvent.press(await screen.findByRole("button", { name: /^Revoke: Viewer, for one person/u }));
  expect(await screen.findByText("The link is revoked.")).toBeOnTheScreen();
  await waitFor(() =>
    expect(screen.getAllByRole("button", { name: /^Revoke: /u })).toHaveLength(1),
  );
  expect(asked.filter(({ method }) => method === "DELETE")).toHaveLength(1);
});

it("API-INVITATION: an admin's has no role, and is to an account", async () => {
  const { role: _role, ...plain } = invitation(1);
  const { asked } = show(
    {
      "GET /api/admin/invitations": page(plain),
      "POST /api/admin/invitations": { status: 201, body: { ...plain, token: "secret" } },
    },
    null,
  );
  expect(await screen.findByRole("button", { name: /^Revoke: Account/u })).toBeOnTheScreen();
  expect(screen.queryByRole("combobox", { name: "Role" })).toBeNull();
  press("Make a link");
  await screen.findByLabelText("The link");
  const sent = asked.find(({ method }) => method === "POST");
  expect(sent?.body).toEqual({ expires_in_days: 7, uses: 1 });
});

it("API-REGISTRATION: where it is closed, a board's link makes no account, and says so", async () => {
  useSession.setState({ registration: "closed" });
  show({ [LIST]: page() });
  expect(await screen.findByText(/Accounts come from the admins/u)).toBeOnTheScreen();
});

it("a failure is reported in place in the reader's language, and the choice stays", async () => {
  usePreferences.setState({ language: "de" });
  let answer: ReturnType<typeof problem> | null = null;
  show({ [LIST]: page(), [MAKE]: () => answer });
  await screen.findByText("Es gibt keinen.");
  fireEvent.press(screen.getByRole("radio", { name: "1 Tag" }));
  press("Link anlegen");
  expect(await screen.findByText("Der Link konnte nicht angelegt werden")).toBeOnTheScreen();
  answer = problem(409, "limit-reached", "100 invitations.", { limit: "invitations" });
  press("Link anlegen");
  expect(await screen.findByText(/Nehmen Sie erst einen zurück/u)).toBeOnTheScreen();
  expect(screen.getByRole("radio", { name: "1 Tag" })).toBeChecked();
  expect(screen.queryByLabelText("Der Link")).toBeNull();
});

it("a link that the browser does not let be copied can be copied by hand", async () => {
  jest.spyOn(clipboard, "copyText").mockResolvedValue(false);
  show({ [LIST]: page(), [MAKE]: { status: 201, body: invitation(1, { token: "secret" }) } });
  await screen.findByText("There are none.");
  press("Make a link");
  await screen.findByLabelText("The link");
  press("Copy");
  expect(await screen.findByText(/select it and copy it yourself/u)).toBeOnTheScreen();
});

it.each([
  ["en", /^Not valid at present: ben is not allowed/u, "Revoke"],
  ["de", /^Zurzeit ungültig: ben/u, "Zurücknehmen"],
] as const)(
  "API-INVITATION: says in %s that a link is not valid while its maker may not create one, and revokes it",
  async (language, words, revoke) => {
    usePreferences.setState({ language });
    const { asked } = show({
      [LIST]: page(invitation(3, { created_by: "ben", active: false }), invitation(2)),
      "DELETE /api/boards/7/invitations/3": { status: 204 },
    });
    expect(await screen.findAllByText(words)).toHaveLength(1);
    fireEvent.press(screen.getByRole("button", { name: new RegExp(`^${revoke}: .*ben`, "u") }));
    await waitFor(() => expect(asked.some(({ method }) => method === "DELETE")).toBe(true));
  },
);
