/** What an invitation's link shows to guests and to who is logged in, and what becomes of it. */

import { act, fireEvent, screen, waitFor } from "@testing-library/react-native";
import { navigation } from "../../navigation/open";
import { useLinks } from "../../state/links";
import { usePreferences } from "../../state/preferences";
import { useSession } from "../../state/session";
import { fakeApi, problem, user, type FakeRoutes } from "../../testing/fake-api";
import { renderScreen } from "../../testing/render";
import { InviteScreen } from "./link-screens";

const PREVIEW = "POST /api/invitations/preview";
const ACCEPT = "POST /api/invitations/accept";
const toBoard = {
  body: {
    board_name: "Launch",
    role: "viewer",
    invited_by: "Grace H.",
    expires_at: "2026-12-07T12:00:00.000Z",
    registers: true,
  },
};
const toAccount = { body: { ...toBoard.body, board_name: null, role: null } };
const invalid = problem(404, "link-invalid", "This link is not valid.");

// Its first loading takes longer than a test waits.
beforeAll(() => import("./parts"));
beforeEach(() => {
  usePreferences.setState({ language: "en" });
  useSession.setState({ status: "guest", user: null, registration: "invite" });
  useLinks.setState({ invite: "secret", wanted: false, registers: false });
});

function show(routes: FakeRoutes) {
  const server = fakeApi(routes);
  renderScreen("Invite", <InviteScreen />);
  return server;
}

const become = (name: string) => useSession.setState({ status: "known", user: user(name) });
const press = (name: string) => fireEvent.press(screen.getByRole("button", { name }));
const accepted = (asked: readonly { path: string }[]) =>
  asked.filter(({ path }) => path === "/api/invitations/accept");

it("API-INVITATION: who has the link reads who invites them to what, as what, and until when", async () => {
  const { asked } = show({ [PREVIEW]: toBoard });
  const heading = { name: "Grace H. invites you to the board “Launch”" };
  expect(await screen.findByRole("heading", heading)).toBeOnTheScreen();
  expect(screen.getByText("Viewer: reads only")).toBeOnTheScreen();
  expect(
    screen.getByText(/^The invitation is valid until 7 Dec 2026|Dec 7, 2026/u),
  ).toBeOnTheScreen();
  expect(asked).toEqual([
    expect.objectContaining({ path: "/api/invitations/preview", body: { token: "secret" } }),
  ]);
});

it("API-INVITATION: who is logged in joins with one press, and is on the board", async () => {
  become("ada");
  const { asked } = show({
    [PREVIEW]: toBoard,
    [ACCEPT]: { status: 201, body: { board_id: 7, role: "viewer" } },
  });
  expect(await screen.findByText("You are logged in as ada.")).toBeOnTheScreen();
  press("Join");
  expect(await screen.findByText("You have joined “Launch”.")).toBeOnTheScreen();
  expect(navigation.getCurrentRoute()).toMatchObject({ name: "Board", params: { id: 7 } });
  expect(accepted(asked)).toEqual([expect.objectContaining({ body: { token: "secret" } })]);
  expect(useLinks.getState().invite).toBeNull();
});

it("API-INVITATION: a user who is already a member, for example by registering with it, is told so", async () => {
  become("ada");
  show({ [PREVIEW]: toBoard, [ACCEPT]: { status: 200, body: { board_id: 7, role: "editor" } } });
  fireEvent.press(await screen.findByRole("button", { name: "Join" }));
  expect(await screen.findByText("You are a member of “Launch”.")).toBeOnTheScreen();
});

it.each([
  ["Register and join", "Register"],
  ["Log in and join", "Login"],
])("“%s” leads there with the way back in the address, and no secret", async (name, route) => {
  show({ [PREVIEW]: toBoard });
  fireEvent.press(await screen.findByRole("button", { name }));
  await waitFor(() => expect(navigation.getCurrentRoute()?.name).toBe(route));
  expect(navigation.getCurrentRoute()?.params).toEqual({ next: "/invite" });
  expect(useLinks.getState()).toMatchObject({ invite: "secret", wanted: true, registers: true });
});

it("who chose to join before they logged in has joined once they are back", async () => {
  const { asked } = show({
    [PREVIEW]: toBoard,
    [ACCEPT]: { status: 201, body: { board_id: 7, role: "viewer" } },
  });
  fireEvent.press(await screen.findByRole("button", { name: "Log in and join" }));
  await act(() => Promise.resolve(become("ada")));
  expect(accepted(asked)).toEqual([]);
  act(() => navigation.goBack());
  expect(await screen.findByText("You have joined “Launch”.")).toBeOnTheScreen();
  expect(accepted(asked)).toHaveLength(1);
});

it("API-INVITATION: an admin's is to an account: who has one needs no other", async () => {
  show({ [PREVIEW]: toAccount });
  const heading = { name: "Grace H. invites you to create an account here" };
  expect(await screen.findByRole("heading", heading)).toBeOnTheScreen();
  press("Register");
  expect(navigation.getCurrentRoute()?.params).toBeUndefined();
  act(() => navigation.goBack());
  act(() => become("ada"));
  expect(await screen.findByText(/You have an account already/u)).toBeOnTheScreen();
  expect(screen.queryByRole("button", { name: "Join" })).toBeNull();
});

it("API-REGISTRATION: a link that makes no account offers the login alone, and says why", async () => {
  show({ [PREVIEW]: { body: { ...toBoard.body, registers: false } } });
  expect(await screen.findByRole("button", { name: "Log in and join" })).toBeOnTheScreen();
  expect(screen.queryByRole("button", { name: "Register and join" })).toBeNull();
  expect(screen.getByText(/this invitation does not create one/u)).toBeOnTheScreen();
});

it("API-INVITATION: a link that does not count says so, and leads on", async () => {
  usePreferences.setState({ language: "de" });
  show({ [PREVIEW]: invalid });
  const heading = { name: "Diese Einladung gilt nicht" };
  expect(await screen.findByRole("heading", heading)).toBeOnTheScreen();
  fireEvent.press(screen.getByRole("link", { name: "Zur Startseite" }));
  expect(navigation.getCurrentRoute()?.name).toBe("Home");
});

it("API-INVITATION: who came in by a link that is used up now is led to the board by it", async () => {
  become("ada");
  const { asked } = show({
    [PREVIEW]: invalid,
    [ACCEPT]: { status: 200, body: { board_id: 7, role: "viewer" } },
  });
  await waitFor(() =>
    expect(navigation.getCurrentRoute()).toMatchObject({ name: "Board", params: { id: 7 } }),
  );
  expect(accepted(asked)).toHaveLength(1);
  expect(screen.queryByText("This invitation is not valid")).toBeNull();
});

it("API-INVITATION: to who is logged in and did not come in by it a used link does not count either", async () => {
  become("ada");
  const { asked } = show({ [PREVIEW]: invalid, [ACCEPT]: invalid });
  const heading = { name: "This invitation is not valid" };
  expect(await screen.findByRole("heading", heading)).toBeOnTheScreen();
  expect(accepted(asked)).toHaveLength(1);
});

it("API-INVITATION: a link that expires while it is open says so on joining", async () => {
  become("ada");
  show({ [PREVIEW]: toBoard, [ACCEPT]: invalid });
  fireEvent.press(await screen.findByRole("button", { name: "Join" }));
  const heading = { name: "This invitation is not valid" };
  expect(await screen.findByRole("heading", heading)).toBeOnTheScreen();
});

it("an address without a secret is no invitation, and nothing is asked", async () => {
  useLinks.setState({ invite: null });
  const { asked } = show({});
  const heading = { name: "This invitation is not valid" };
  expect(await screen.findByRole("heading", heading)).toBeOnTheScreen();
  expect(asked).toEqual([]);
});

it("a failed request is reported in place and can be retried, and joining as well", async () => {
  become("ada");
  let network = false;
  show({
    [PREVIEW]: () => (network ? toBoard : null),
    [ACCEPT]: () => (network ? { status: 201, body: { board_id: 7, role: "viewer" } } : null),
  });
  expect(await screen.findByText("The invitation could not be loaded")).toBeOnTheScreen();
  network = true;
  press("Try again");
  await screen.findByRole("button", { name: "Join" });
  network = false;
  press("Join");
  expect(await screen.findByText("You have not joined")).toBeOnTheScreen();
  network = true;
  press("Join");
  expect(await screen.findByText("You have joined “Launch”.")).toBeOnTheScreen();
});
