/** What people see of their account and of what can be set on this device. */

import { act, fireEvent, screen, waitFor } from "@testing-library/react-native";
import { drafts } from "../../state/drafts";
import { usePreferences } from "../../state/preferences";
import { useSession } from "../../state/session";
import { fakeApi, problem, user } from "../../testing/fake-api";
import { renderScreen } from "../../testing/render";
import { deviceStorage } from "../../utilities/storage";
import { ProfileScreen } from "./profile-screen";
import { parseServer } from "./server-form";

/** What was asked for to be done: the screen reads as well. */
const sent = ({ asked }: ReturnType<typeof fakeApi>) =>
  asked.filter(({ method }) => method !== "GET");

beforeAll(() => import("../access/parts"));
beforeEach(() => {
  useSession.setState({ status: "known", user: user("ada") });
  usePreferences.setState({ theme: "system", language: "system" });
});
afterEach(() => {
  usePreferences.setState({ theme: "system", language: "system" });
  // Another test begins with another device.
  drafts.under("").forEach(([name]) => drafts.clear(name));
});

it("the language changes at once, and back", () => {
  fakeApi({});
  renderScreen("Profile", <ProfileScreen />);
  fireEvent.press(screen.getByRole("radio", { name: "Deutsch" }));
  expect(screen.getByRole("heading", { name: "Profil" })).toBeOnTheScreen();
  fireEvent.press(screen.getByRole("radio", { name: "English" }));
  expect(screen.getByRole("heading", { name: "Profile" })).toBeOnTheScreen();
});

it("the theme is chosen, or left to the device", () => {
  fakeApi({});
  renderScreen("Profile", <ProfileScreen />);
  fireEvent.press(screen.getByRole("radio", { name: "Dark" }));
  expect(usePreferences.getState().theme).toBe("dark");
  expect(screen.getByRole("radio", { name: "Dark" })).toBeChecked();
});

it("a display name is saved; emptied, it is the user name's again", async () => {
  const server = fakeApi({
    "PATCH /api/auth/me": { body: { ...user("ada"), display_name: "Ada Lovelace" } },
  });
  renderScreen("Profile", <ProfileScreen />);
  expect(screen.getByRole("button", { name: "Save" })).toBeDisabled();
  fireEvent.changeText(screen.getByLabelText("Display name"), "Ada Lovelace");
  fireEvent.press(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Saved")).toBeOnTheScreen();
  expect(sent(server)[0]?.body).toEqual({ display_name: "Ada Lovelace" });
});

it("a display name that is being typed is there again when the screen was left", () => {
  fakeApi({});
  const first = renderScreen("Profile", <ProfileScreen />);
  fireEvent.changeText(screen.getByLabelText("Display name"), "Ada Lo");
  first.unmount();
  renderScreen("Profile", <ProfileScreen />);
  expect(screen.getByLabelText("Display name")).toHaveDisplayValue("Ada Lo");
});

it("a new password that is too short, or a name that is too long, is reported before it is sent", () => {
  const server = fakeApi({});
  renderScreen("Profile", <ProfileScreen />);
  fireEvent.changeText(screen.getByLabelText("Current password"), "right");
  fireEvent.changeText(screen.getByLabelText("New password"), "short");
  fireEvent.press(screen.getByRole("button", { name: "Change password" }));
  expect(screen.getByText("At least 10 characters; this has 5.")).toBeOnTheScreen();
  fireEvent.changeText(screen.getByLabelText("Display name"), "x".repeat(65));
  fireEvent.press(screen.getByRole("button", { name: "Save" }));
  expect(screen.getByText("At most 64 characters; this has 65.")).toBeOnTheScreen();
  expect(sent(server)).toEqual([]);
});

it("api: 401 a wrong current password is shown at its field, and the session continues", async () => {
  fakeApi({
    "PATCH /api/auth/me": problem(401, "invalid-credentials", "That is not your password."),
  });
  renderScreen("Profile", <ProfileScreen />);
  fireEvent.changeText(screen.getByLabelText("Current password"), "wrong");
  fireEvent.changeText(screen.getByLabelText("New password"), "correct horse battery");
  fireEvent.press(screen.getByRole("button", { name: "Change password" }));
  await screen.findByText("That is not your password.");
  expect(useSession.getState().status).toBe("known");
});

it("api: 401 without a login asks for it, keeps what was typed, and blames no password", async () => {
  fakeApi({ "PATCH /api/auth/me": problem(401, "unauthorized", "Log in first.") });
  renderScreen("Profile", <ProfileScreen />);
  fireEvent.changeText(screen.getByLabelText("Current password"), "right");
  fireEvent.changeText(screen.getByLabelText("New password"), "correct horse battery");
  fireEvent.press(screen.getByRole("button", { name: "Change password" }));
  await waitFor(() => expect(useSession.getState().status).toBe("expired"));
  expect(screen.queryByText("That is not your password.")).toBeNull();
  expect(screen.getByText("You are not logged in.")).toBeOnTheScreen();
  act(() => useSession.setState({ status: "known" }));
  expect(screen.queryByText("You are not logged in.")).toBeNull();
  expect(screen.getByLabelText("Current password")).toHaveDisplayValue("right");
  expect(screen.getByLabelText("New password")).toHaveDisplayValue("correct horse battery");
});

it("api: log out everywhere revokes all tokens, after a question", async () => {
  const server = fakeApi({ "POST /api/auth/logout": { status: 204 } });
  renderScreen("Profile", <ProfileScreen />);
  fireEvent.press(screen.getByRole("button", { name: "Log out everywhere" }));
  expect(sent(server)).toEqual([]);
  const buttons = screen.getAllByRole("button", { name: "Log out everywhere" });
  fireEvent.press(buttons[buttons.length - 1] ?? screen.root);
  await waitFor(() => expect(useSession.getState().status).toBe("guest"));
  expect(sent(server)[0]?.path).toBe("/api/auth/logout?everywhere=true");
});

it("api: 401 log out everywhere without a login leads to the login, since no other device was logged out", async () => {
  fakeApi({ "POST /api/auth/logout": problem(401, "unauthorized", "Log in first.") });
  renderScreen("Profile", <ProfileScreen />);
  fireEvent.press(screen.getByRole("button", { name: "Log out everywhere" }));
  fireEvent.press(
    screen.getAllByRole("button", { name: "Log out everywhere" }).at(-1) ?? screen.root,
  );
  await waitFor(() => expect(useSession.getState().status).toBe("expired"));
});

it("logging out asks where changes wait on this device, and says what becomes of them", async () => {
  const server = fakeApi({ "POST /api/auth/logout": { status: 204 } });
  const { id } = user("ada");
  const waiting = [
    `${id}/teams/7/command/1-a`,
    `${id}/teams/8/trouble/2-b`,
    "9/teams/7/command/1-c",
  ];
  await Promise.all(waiting.map((key) => deviceStorage.set(`queue/${key}`, "{}")));
  renderScreen("Profile", <ProfileScreen />);
  const logOut = () => screen.getAllByRole("button", { name: "Log out" });
  fireEvent.press(logOut()[0] ?? screen.root);
  const words =
    "2 changes were not sent. They stay on this device and are sent when ada logs in here again.";
  expect(await screen.findByText(words)).toBeOnTheScreen();
  fireEvent.press(screen.getByRole("button", { name: "Cancel" }));
  expect(screen.queryByText(words)).toBeNull();
  expect(sent(server)).toEqual([]);
  fireEvent.press(logOut()[0] ?? screen.root);
  await screen.findByText(words);
  fireEvent.press(logOut().at(-1) ?? screen.root);
  await waitFor(() => expect(useSession.getState().status).toBe("guest"));
  expect(await deviceStorage.keys("queue/")).toHaveLength(3);
  await Promise.all(waiting.map((key) => deviceStorage.remove(`queue/${key}`)));
});

it("logging out asks nothing where nothing waits", async () => {
  fakeApi({ "POST /api/auth/logout": { status: 204 } });
  renderScreen("Profile", <ProfileScreen />);
  fireEvent.press(screen.getByRole("button", { name: "Log out" }));
  await waitFor(() => expect(useSession.getState().status).toBe("guest"));
});

it("API-SESSIONS: a user sees their other sessions, and can export or delete their data", async () => {
  fakeApi({ "GET /api/auth/sessions": { body: { items: [], next_cursor: null } } });
  renderScreen("Profile", <ProfileScreen />);
  const title = { name: "Where you are logged in" };
  expect(await screen.findByRole("heading", title)).toBeOnTheScreen();
  expect(screen.getByRole("button", { name: "Save my data" })).toBeOnTheScreen();
  expect(screen.getByRole("button", { name: "Delete my account…" })).toBeOnTheScreen();
});

it("without a login the look can be set anyway", () => {
  fakeApi({});
  useSession.setState({ status: "guest", user: null });
  renderScreen("Profile", <ProfileScreen />);
  expect(screen.getByText("You are not logged in.")).toBeOnTheScreen();
  expect(screen.queryByLabelText("Current password")).toBeNull();
  expect(screen.getByRole("radio", { name: "Dark" })).toBeOnTheScreen();
});

it("a server's address is one of http, without a path", () => {
  expect(parseServer(" https://boards.example/ ")).toBe("https://boards.example");
  expect(parseServer("http://192.168.0.7:3000")).toBe("http://192.168.0.7:3000");
  for (const wrong of ["", "boards.example", "ftp://x", "https://", "https://a/b", "https://u@h"]) {
    expect(parseServer(wrong)).toBeNull();
  }
});
