/** A forgotten password: the link to a new one, from who makes it to the login after it. */

import { fireEvent, screen, waitFor } from "@testing-library/react-native";
import { navigation } from "../../navigation/open";
import { useLinks } from "../../state/links";
import { usePreferences } from "../../state/preferences";
import { useSession } from "../../state/session";
import { fakeApi, problem, user, type FakeRoutes } from "../../testing/fake-api";
import { anAdminUser } from "../../testing/monitoring";
import { renderScreen } from "../../testing/render";
import { settings } from "../../utilities/request";
import { LoginScreen } from "../account/login-screen";
import { ResetLinkDialog } from "./reset-link-dialog";
import { ResetScreen } from "./link-screens";

const RESET = "POST /api/auth/reset-password";

// Its first loading takes longer than a test waits.
beforeAll(() => import("./parts"));
beforeEach(() => {
  usePreferences.setState({ language: "en" });
  useSession.setState({ status: "known", user: user("grace") });
  useLinks.setState({ reset: "secret", resetOf: null });
});

function show(routes: FakeRoutes) {
  const server = fakeApi(routes);
  renderScreen("Reset", <ResetScreen />);
  return server;
}

async function set(password: string, field = "New password", button = "Set the password") {
  fireEvent.changeText(await screen.findByLabelText(field), password);
  fireEvent.press(screen.getByRole("button", { name: button }));
}

it("API-RESET: who has the link sets a password, is logged out, and comes to the login", async () => {
  const { asked } = show({ [RESET]: { body: { username: "ada" } } });
  await set("correct horse battery");
  await waitFor(() => expect(navigation.getCurrentRoute()?.name).toBe("Login"));
  const body = { token: "secret", password: "correct horse battery" };
  expect(asked.filter(({ method }) => method === "POST")).toEqual([
    expect.objectContaining({ body }),
  ]);
  expect(useSession.getState()).toMatchObject({ status: "guest", user: null });
  expect(useLinks.getState()).toMatchObject({ reset: null, resetOf: "ada" });
});

it("API-RESET: the login after it says whose password is set, and only asks for that", () => {
  fakeApi({});
  useSession.setState({ status: "guest", user: null });
  useLinks.setState({ resetOf: "ada" });
  renderScreen("Login", <LoginScreen next="/" />);
  expect(screen.getByText("The password of ada is set. Log in with it.")).toBeOnTheScreen();
  expect(screen.getByLabelText("User name")).toHaveDisplayValue("ada");
  expect(screen.getByLabelText("Password")).toHaveProp("autoFocus", true);
});

it("a password that is too short is reported at its field before it is sent, by the rule of registration", async () => {
  usePreferences.setState({ language: "de" });
  const { asked } = show({});
  await set("kurz", "Neues Passwort", "Passwort setzen");
  expect(screen.getByText("Mindestens 10 Zeichen; das sind 4.")).toBeOnTheScreen();
  expect(screen.getByText(/Gut sind/u)).toBeOnTheScreen();
  expect(asked).toEqual([]);
});

it("the server's error is shown in place, and the input stays", async () => {
  let answer: ReturnType<typeof problem> | null = null;
  show({ [RESET]: () => answer });
  await set("correct horse battery");
  expect(await screen.findByText("The password is not set")).toBeOnTheScreen();
  const field = screen.getByLabelText("New password");
  expect(field).toHaveDisplayValue("correct horse battery");
  const errors = [{ pointer: "/password", detail: "is too common" }];
  answer = problem(422, "validation", "1 field is not acceptable.", { errors });
  fireEvent.press(screen.getByRole("button", { name: "Set the password" }));
  expect(await screen.findByText("is too common")).toBeOnTheScreen();
  answer = problem(429, "too-many-attempts", "…", {}, { "Retry-After": "65" });
  fireEvent.press(screen.getByRole("button", { name: "Set the password" }));
  expect(await screen.findByText(/^Try again in 1:0/u)).toBeOnTheScreen();
  expect(screen.getByRole("button", { name: "Set the password" })).toBeDisabled();
});

it("API-RESET: a link that does not count, and an address without one, say so and lead on", async () => {
  show({ [RESET]: problem(404, "link-invalid", "This link is not valid.") });
  await set("correct horse battery");
  const heading = { name: "This link is not valid" };
  expect(await screen.findByRole("heading", heading)).toBeOnTheScreen();
  expect(screen.getByText(/Ask an admin for a new one/u)).toBeOnTheScreen();
  expect(screen.getByRole("link", { name: "To the start page" })).toBeOnTheScreen();
  // Nor does it offer a password again to who comes back.
  expect(useLinks.getState().reset).toBeNull();
});

describe("an admin", () => {
  const path = "POST https://boards.example/api/admin/users/ada/reset-link";
  beforeEach(() => {
    settings.server = "https://boards.example";
  });
  afterEach(() => {
    settings.server = "";
  });

  it("API-RESET: makes a link that is shown this once, with how long it counts", async () => {
    const made = { username: "ada", token: "secret", expires_at: "2026-12-01T12:00:00.000Z" };
    const { asked } = fakeApi({ [path]: { status: 201, body: made } });
    renderScreen(
      "AdminUsers",
      <ResetLinkDialog user={anAdminUser("ada")} onClose={() => undefined} />,
    );
    expect(screen.getByText(/once and within 24 hours/u)).toBeOnTheScreen();
    expect(asked).toEqual([]);
    fireEvent.press(screen.getByRole("button", { name: "Make the link" }));
    const field = await screen.findByLabelText("The link");
    expect(field).toHaveDisplayValue("https://boards.example/reset#secret");
    expect(screen.getByText(/^It is valid until .* copy it now\.$/u)).toBeOnTheScreen();
    expect(screen.getByRole("button", { name: "Copy" })).toBeOnTheScreen();
    expect(screen.queryByRole("button", { name: "Make the link" })).toBeNull();
  });

  it("reports a failure in place, and tries again", async () => {
    fakeApi({ [path]: null });
    renderScreen(
      "AdminUsers",
      <ResetLinkDialog user={anAdminUser("ada")} onClose={() => undefined} />,
    );
    fireEvent.press(screen.getByRole("button", { name: "Make the link" }));
    expect(await screen.findByText("The link could not be made")).toBeOnTheScreen();
    expect(screen.getByRole("button", { name: "Make the link" })).toBeEnabled();
  });
});
