/** What owners and others see of a board's members, and how refusals are explained. */

import { fireEvent, screen, waitFor } from "@testing-library/react-native";
import type { Member, Role } from "../../generated/api";
import { drafts } from "../../state/drafts";
import { useSession } from "../../state/session";
import { fakeApi, problem, user } from "../../testing/fake-api";
import { renderScreen } from "../../testing/render";
import { deviceStorage } from "../../utilities/storage";
import { MembersScreen } from "./members-screen";

const moment = "2026-11-01T08:00:00.000Z";
const member = (username: string, role: Role): Member => ({
  id: user(username).id,
  username,
  role,
  created_at: moment,
  updated_at: moment,
});
const page = (...items: readonly Member[]) => ({ body: { items, next_cursor: null } });
const lastOwner = problem(409, "last-owner", "The board would have no owner.");

// Its first loading takes longer than a test waits.
beforeAll(() => import("../access/parts"));
beforeEach(() => useSession.setState({ status: "known", user: user("ada") }));

it("api: only the owner manages; others see who is here and may leave", async () => {
  fakeApi({ "GET /api/boards/7/members": page(member("ada", "editor"), member("grace", "owner")) });
  renderScreen("Members", <MembersScreen board={7} />);
  expect(await screen.findByText("grace")).toBeOnTheScreen();
  expect(screen.getByText(/Owners invite and change roles/u)).toBeOnTheScreen();
  expect(screen.queryByRole("button", { name: "Invite" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Remove grace" })).toBeNull();
  expect(screen.getByRole("button", { name: "Leave the board" })).toBeOnTheScreen();
});

it("an owner invites by user name, and is told if there is no such user", async () => {
  const server = fakeApi({
    "GET /api/boards/7/members": page(member("ada", "owner")),
    "PUT /api/boards/7/members/nobody": problem(404, "not-found", "There is no such user."),
    "PUT /api/boards/7/members/grace": { body: member("grace", "editor") },
  });
  renderScreen("Members", <MembersScreen board={7} />);
  fireEvent.press(await screen.findByRole("button", { name: "Invite" }));
  expect(screen.getByText("Type a user name.")).toBeOnTheScreen();
  fireEvent.changeText(screen.getByLabelText("User name"), "nobody");
  fireEvent.press(screen.getByRole("button", { name: "Invite" }));
  expect(await screen.findByText("There is no user “nobody”.")).toBeOnTheScreen();
  fireEvent.changeText(screen.getByLabelText("User name"), "grace");
  fireEvent.press(screen.getByRole("button", { name: "Invite" }));
  expect(await screen.findByText("grace is a member now.")).toBeOnTheScreen();
  const sent = server.asked.filter(({ method }) => method === "PUT").map(({ body }) => body);
  expect(sent).toEqual([{ role: "editor" }, { role: "editor" }]);
});

it("API-INVITATION: an owner invites by link from where members are invited by name", async () => {
  fakeApi({
    "GET /api/boards/7/members": page(member("ada", "owner")),
    "GET /api/boards/7/invitations": { body: { items: [], next_cursor: null } },
  });
  renderScreen("Members", <MembersScreen board={7} />);
  fireEvent.changeText(await screen.findByLabelText("User name"), "gra");
  fireEvent.press(screen.getByRole("button", { name: "Invite by link" }));
  expect(await screen.findByText("There are none.")).toBeOnTheScreen();
  fireEvent.press(screen.getByRole("button", { name: "Close" }));
  expect(screen.queryByText("There are none.")).toBeNull();
  expect(screen.getByLabelText("User name")).toHaveDisplayValue("gra");
});

it.each(["..", "grace hopper", "x".repeat(100_000)])(
  "what is no user name by its rule is told before it is sent (%#)",
  async (name) => {
    const server = fakeApi({ "GET /api/boards/7/members": page(member("ada", "owner")) });
    renderScreen("Members", <MembersScreen board={7} />);
    await screen.findByRole("button", { name: "Invite" });
    fireEvent.changeText(screen.getByLabelText("User name"), name);
    fireEvent.press(screen.getByRole("button", { name: "Invite" }));
    expect(await screen.findByText(/^A user name has 3 to 32 characters/u)).toBeOnTheScreen();
    expect(server.asked.filter(({ method }) => method === "PUT")).toEqual([]);
  },
);

it("who is a member already is not invited, also where the list on the screen does not say so yet", async () => {
  let all = [member("ada", "owner")];
  const server = fakeApi({ "GET /api/boards/7/members": () => page(...all) });
  renderScreen("Members", <MembersScreen board={7} />);
  await screen.findByRole("button", { name: "Invite" });
  all = [...all, member("grace", "owner")];
  fireEvent.changeText(screen.getByLabelText("User name"), "Grace");
  fireEvent.press(screen.getByRole("button", { name: "Invite" }));
  expect(await screen.findByText("Grace is already a member.")).toBeOnTheScreen();
  expect(await screen.findByText("grace")).toBeOnTheScreen();
  expect(server.asked.filter(({ method }) => method === "PUT")).toEqual([]);
  expect(screen.getByLabelText("User name")).toHaveDisplayValue("Grace");
});

it.each([
  ["without a network", null, /cannot be reached/u],
  [
    "on a board that is gone",
    problem(404, "not-found", "There is no such board."),
    /no such board/u,
  ],
])("nobody is invited %s: who is a member cannot be asked", async (_, answer, told) => {
  let online = true;
  const server = fakeApi({
    "GET /api/boards/7/members": () => (online ? page(member("ada", "owner")) : answer),
    "PUT /api/boards/7/members/grace": { body: member("grace", "editor") },
  });
  renderScreen("Members", <MembersScreen board={7} />);
  fireEvent.changeText(await screen.findByLabelText("User name"), "grace");
  online = false;
  fireEvent.press(screen.getByRole("button", { name: "Invite" }));
  expect(await screen.findAllByText(told, {}, { timeout: 5000 })).not.toHaveLength(0);
  expect(server.asked.filter(({ method }) => method === "PUT")).toEqual([]);
  expect(screen.queryByText(/There is no user/u)).toBeNull();
});

it("api: 409 the last owner cannot leave, and is told what to do first", async () => {
  fakeApi({
    "GET /api/boards/7/members": page(member("ada", "owner"), member("grace", "viewer")),
    "DELETE /api/boards/7/members/ada": lastOwner,
  });
  renderScreen("Members", <MembersScreen board={7} />);
  fireEvent.press(await screen.findByRole("button", { name: "Leave the board" }));
  fireEvent.press(screen.getByRole("button", { name: "Leave" }));
  expect(await screen.findByText(/Make somebody else an owner first/u)).toBeOnTheScreen();
});

it("a user who leaves is told how much was never sent, and leaves nothing of the board on the device", async () => {
  const { id } = user("ada");
  const queued = `queue/${id}/teams/9/command/000000000000001-a`;
  const draft = `draft/other-tab/${id}/teams/9/3/title`;
  const others = [
    `queue/${id}/teams/90/command/000000000000001-b`,
    `draft/other-tab/${id}/teams/90/3/title`,
  ];
  for (const key of [queued, draft, ...others]) await deviceStorage.set(key, "{}");
  drafts.set(`${id}/teams/9/4/comment`, "half a sentence", "");
  fakeApi({
    "GET /api/boards/9/members": page(member("ada", "editor"), member("grace", "owner")),
    "DELETE /api/boards/9/members/ada": { status: 204 },
  });
  renderScreen("Members", <MembersScreen board={9} />);
  fireEvent.press(await screen.findByRole("button", { name: "Leave the board" }));
  expect(await screen.findByText(/^3 changes on this device .* will be lost/u)).toBeOnTheScreen();
  fireEvent.press(screen.getByRole("button", { name: "Leave" }));
  expect(await screen.findByText("You have left the board.")).toBeOnTheScreen();
  const kept = [...(await deviceStorage.keys("queue/")), ...(await deviceStorage.keys("draft/"))];
  expect(kept.filter((key) => key.includes("/teams/9"))).toEqual(others);
  expect(drafts.under(`${id}/teams/9/`)).toEqual([]);
});

it("removing a member asks first", async () => {
  const server = fakeApi({
    "GET /api/boards/7/members": page(member("ada", "owner"), member("grace", "viewer")),
    "DELETE /api/boards/7/members/grace": { status: 204 },
  });
  renderScreen("Members", <MembersScreen board={7} />);
  const deletions = () => server.asked.filter(({ method }) => method === "DELETE");
  fireEvent.press(await screen.findByRole("button", { name: "Remove grace" }));
  fireEvent.press(screen.getByRole("button", { name: "Cancel" }));
  expect(deletions()).toEqual([]);
  fireEvent.press(screen.getByRole("button", { name: "Remove grace" }));
  fireEvent.press(screen.getByRole("button", { name: "Remove" }));
  await waitFor(() => expect(deletions()).toHaveLength(1));
  expect(await screen.findByText("grace is removed.")).toBeOnTheScreen();
});

it("a name that is being typed is there again when the screen was left", async () => {
  fakeApi({ "GET /api/boards/8/members": page(member("ada", "owner")) });
  const first = renderScreen("Members", <MembersScreen board={8} />);
  fireEvent.changeText(await screen.findByLabelText("User name"), "gra");
  first.unmount();
  renderScreen("Members", <MembersScreen board={8} />);
  expect(await screen.findByLabelText("User name")).toHaveDisplayValue("gra");
});

function chooseRole(field: string, role: string) {
  fireEvent.press(screen.getByRole("combobox", { name: field }));
  fireEvent.press(screen.getByRole("radio", { name: role }));
}

it("the chosen role is there again with the name", async () => {
  const server = fakeApi({
    "GET /api/boards/11/members": page(member("ada", "owner")),
    "PUT /api/boards/11/members/grace": { body: member("grace", "viewer") },
  });
  const first = renderScreen("Members", <MembersScreen board={11} />);
  fireEvent.changeText(await screen.findByLabelText("User name"), "grace");
  chooseRole("Role", "Viewer: reads only");
  first.unmount();
  renderScreen("Members", <MembersScreen board={11} />);
  fireEvent.press(await screen.findByRole("button", { name: "Invite" }));
  expect(await screen.findByText("grace is a member now.")).toBeOnTheScreen();
  const sent = server.asked.filter(({ method }) => method === "PUT").map(({ body }) => body);
  expect(sent).toEqual([{ role: "viewer" }]);
  expect(drafts.under(`${user("ada").id}/teams/11/`)).toEqual([]);
});

it("an owner who makes themselves less is asked first", async () => {
  const server = fakeApi({
    "GET /api/boards/7/members": page(member("ada", "owner"), member("grace", "owner")),
    "PUT /api/boards/7/members/ada": { body: member("ada", "viewer") },
  });
  renderScreen("Members", <MembersScreen board={7} />);
  await screen.findByText("grace");
  const changes = () => server.asked.filter(({ method }) => method === "PUT");
  chooseRole("Role of ada", "Viewer");
  fireEvent.press(screen.getByRole("button", { name: "Cancel" }));
  expect(changes()).toEqual([]);
  chooseRole("Role of ada", "Viewer");
  fireEvent.press(screen.getByRole("button", { name: "Change my role" }));
  await waitFor(() => expect(changes()).toHaveLength(1));
  expect(await screen.findByText("The role of ada is changed.")).toBeOnTheScreen();
  expect(screen.queryByRole("button", { name: "Change my role" })).toBeNull();
});
