/** What people see when they log in or register, and when the server says no. */

import { act, fireEvent, screen, waitFor } from "@testing-library/react-native";
import { navigation } from "../../navigation/open";
import { useLinks } from "../../state/links";
import { usePreferences } from "../../state/preferences";
import { useSession } from "../../state/session";
import { fakeApi, problem, user } from "../../testing/fake-api";
import { renderScreen } from "../../testing/render";
import { LoginScreen } from "./login-screen";
import { RegisterScreen } from "./register-screen";

beforeEach(() => {
  useSession.setState({ status: "guest", user: null, registration: "open" });
  useLinks.setState({ invite: null, wanted: false, registers: false });
  usePreferences.setState({ language: "en" });
});
afterEach(() => jest.useRealTimers());

function logInAs(username: string, password: string) {
  fireEvent.changeText(screen.getByLabelText("User name"), username);
  fireEvent.changeText(screen.getByLabelText("Password"), password);
  fireEvent.press(screen.getByRole("button", { name: "Log in" }));
}

it("nothing is sent before both fields are filled in, and each says what it lacks", () => {
  const server = fakeApi({});
  renderScreen("Login", <LoginScreen next="/" />);
  fireEvent.press(screen.getByRole("button", { name: "Log in" }));
  expect(screen.getByText("Type your user name.")).toBeOnTheScreen();
  expect(screen.getByText("Type your password.")).toBeOnTheScreen();
  expect(server.asked).toEqual([]);
});

it("a right password logs in", async () => {
  const server = fakeApi({
    "POST /api/auth/login": {
      body: { user: user("ada"), token: "t", expires_at: "2026-12-24T00:00:00.000Z" },
    },
  });
  renderScreen("Login", <LoginScreen next="/" />);
  logInAs(" ada ", "correct horse battery");
  await waitFor(() => expect(useSession.getState().status).toBe("known"));
  expect(server.asked[0]?.body).toEqual({ username: "ada", password: "correct horse battery" });
});

it("api: 401 says that name and password do not match, and does not reach the session store", async () => {
  fakeApi({
    "POST /api/auth/login": problem(401, "invalid-credentials", "That is not their password."),
  });
  renderScreen("Login", <LoginScreen next="/" />);
  logInAs("ada", "wrong");
  const words = "There is no such user, or that is not their password.";
  expect(await screen.findByText(words)).toBeOnTheScreen();
  expect(useSession.getState().status).toBe("guest");
});

it("api: 429 with Retry-After counts down, and the button waits", async () => {
  jest.useFakeTimers();
  const server = fakeApi({
    "POST /api/auth/login": problem(429, "too-many-attempts", "…", {}, { "Retry-After": "65" }),
  });
  renderScreen("Login", <LoginScreen next="/" />);
  logInAs("ada", "wrong");
  expect(await screen.findByText("Try again in 1:05")).toBeOnTheScreen();
  expect(screen.getByRole("button", { name: "Log in" })).toBeDisabled();
  act(() => jest.advanceTimersByTime(60_000));
  expect(screen.getByText("Try again in 0:05")).toBeOnTheScreen();
  act(() => jest.advanceTimersByTime(6_000));
  expect(screen.getByText("You can try again now.")).toBeOnTheScreen();
  expect(screen.getByRole("button", { name: "Log in" })).toBeEnabled();
  expect(server.asked).toHaveLength(1);
});

it("503 not-configured: says that there are no accounts, and offers the boards without", async () => {
  fakeApi({ "POST /api/auth/login": problem(503, "not-configured", "No database.") });
  renderScreen("Login", <LoginScreen next="/" />);
  logInAs("ada", "whatever it is");
  expect(await screen.findByText("This server has no accounts")).toBeOnTheScreen();
  expect(screen.getAllByRole("link", { name: "Try without an account" })).toHaveLength(2);
});

it("without a network the login says so and loses nothing that was typed", async () => {
  fakeApi({ "POST /api/auth/login": null });
  renderScreen("Login", <LoginScreen next="/" />);
  logInAs("ada", "correct horse battery");
  expect(await screen.findByText(/cannot be reached/u)).toBeOnTheScreen();
  expect(screen.getByLabelText("User name")).toHaveDisplayValue("ada");
});

it("after an expired login the page says why", () => {
  fakeApi({});
  useSession.setState({ status: "expired", user: user("ada") });
  renderScreen("Login", <LoginScreen next="/boards/7" />);
  expect(screen.getByText(/no longer logged in/u)).toBeOnTheScreen();
});

it("whose login had expired continues where they were once they have logged in in another tab", async () => {
  fakeApi({});
  useSession.setState({ status: "expired", user: user("ada") });
  renderScreen("Login", <LoginScreen next="/boards" />);
  act(() => useSession.setState({ status: "known" }));
  await waitFor(() => expect(navigation.getCurrentRoute()?.name).toBe("Boards"));
});

function registerAs(username: string, password: string) {
  fireEvent.changeText(screen.getByLabelText("User name"), username);
  fireEvent.changeText(screen.getByLabelText("Password"), password);
  fireEvent.press(screen.getByRole("button", { name: "Register" }));
}

it("api: validation names every faulty field at once, each at its field", async () => {
  fakeApi({
    "POST /api/auth/register": problem(422, "validation", "2 fields are not acceptable.", {
      errors: [
        { pointer: "/username", detail: "may hold a-z only" },
        { pointer: "/password", detail: "must have 10 characters" },
      ],
    }),
  });
  renderScreen("Register", <RegisterScreen next="/" />);
  registerAs("lovelace", "correct horse battery");
  expect(await screen.findByText("may hold a-z only")).toBeOnTheScreen();
  expect(screen.getByText("must have 10 characters")).toBeOnTheScreen();
  expect(screen.queryByText("2 fields are not acceptable.")).toBeNull();
  fireEvent.changeText(screen.getByLabelText("User name"), "ada_1");
  expect(screen.queryByText("may hold a-z only")).toBeNull();
  expect(screen.getByText("must have 10 characters")).toBeOnTheScreen();
});

it("what the server would reject is reported in the user's language, before it is sent", async () => {
  usePreferences.setState({ language: "de" });
  const server = fakeApi({});
  renderScreen("Register", <RegisterScreen next="/" />);
  fireEvent.changeText(screen.getByLabelText("Benutzername"), "a b");
  fireEvent.changeText(screen.getByLabelText("Anzeigename"), "x".repeat(65));
  fireEvent.changeText(screen.getByLabelText("Passwort"), "kurz");
  fireEvent.press(screen.getByRole("button", { name: "Registrieren" }));
  expect(screen.getByText(/Buchstaben von a bis z, Ziffern/u)).toBeOnTheScreen();
  expect(screen.getByText("Höchstens 64 Zeichen; das sind 65.")).toBeOnTheScreen();
  expect(screen.getByText("Mindestens 10 Zeichen; das sind 4.")).toBeOnTheScreen();
  expect(server.asked).toEqual([]);
});

it("a wrong name or password is reported in the user's language", async () => {
  usePreferences.setState({ language: "de" });
  fakeApi({ "POST /api/auth/login": problem(401, "invalid-credentials", "No such user.") });
  renderScreen("Login", <LoginScreen next="/" />);
  fireEvent.changeText(screen.getByLabelText("Benutzername"), "ada");
  fireEvent.changeText(screen.getByLabelText("Passwort"), "falsch");
  fireEvent.press(screen.getByRole("button", { name: "Anmelden" }));
  expect(await screen.findByText(/nicht das Passwort/u)).toBeOnTheScreen();
});

it("api: 409 username taken is shown at the user name", async () => {
  fakeApi({
    "POST /api/auth/register": problem(
      409,
      "username-taken",
      "The user name ada is already taken.",
    ),
  });
  renderScreen("Register", <RegisterScreen next="/" />);
  registerAs("ada", "correct horse battery");
  await screen.findByText("The user name ada is already taken.");
  expect(screen.getByLabelText("User name")).toHaveProp(
    "accessibilityHint",
    "The user name ada is already taken.",
  );
});

it("a registration whose answer was lost is the same when it is sent again, another one is not", async () => {
  const answer = { status: 201, body: { user: user("ada"), token: "t", expires_at: "" } };
  let answers = false;
  const server = fakeApi({ "POST /api/auth/register": () => (answers ? answer : null) });
  renderScreen("Register", <RegisterScreen next="/" />);
  registerAs("grace", "correct horse battery");
  await screen.findByText(/cannot be reached/u);
  registerAs("ada", "correct horse battery");
  await waitFor(() => expect(server.asked).toHaveLength(2));
  await screen.findByText(/cannot be reached/u);
  answers = true;
  fireEvent.press(screen.getByRole("button", { name: "Register" }));
  await waitFor(() => expect(useSession.getState().user?.username).toBe("ada"));
  const [other, first, again] = server.asked.map(({ key }) => key);
  expect(first).toBeDefined();
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

it("a display name is sent only if there is one", async () => {
  const answer = { status: 201, body: { user: user("ada"), token: "t", expires_at: "" } };
  const server = fakeApi({ "POST /api/auth/register": answer });
  renderScreen("Register", <RegisterScreen next="/" />);
  registerAs("ada", "correct horse battery");
  await waitFor(() => expect(useSession.getState().user?.username).toBe("ada"));
  expect(server.asked[0]?.body).toEqual({ username: "ada", password: "correct horse battery" });
});

it("a password can be shown and hidden again", () => {
  fakeApi({});
  renderScreen("Login", <LoginScreen next="/" />);
  const secret = () => screen.getByLabelText("Password");
  expect(secret()).toHaveProp("secureTextEntry", true);
  fireEvent.press(screen.getByRole("button", { name: "Show password" }));
  expect(secret()).toHaveProp("secureTextEntry", false);
  fireEvent.press(screen.getByRole("button", { name: "Hide password" }));
  expect(secret()).toHaveProp("secureTextEntry", true);
});

it.each([
  ["invite", "en", "New accounts need an invitation here: ask somebody for a link.", "Register"],
  ["closed", "de", /gibt es hier von der Verwaltung/u, "Registrieren"],
] as const)(
  "API-REGISTRATION: where it is %s, the login says so instead of leading to a form (%s)",
  (registration, language, words, link) => {
    fakeApi({});
    usePreferences.setState({ language });
    useSession.setState({ registration });
    renderScreen("Login", <LoginScreen next="/" />);
    expect(screen.getByText(words)).toBeOnTheScreen();
    expect(screen.queryByRole("link", { name: link })).toBeNull();
  },
);

it("API-REGISTRATION: where it is not open, the address of the form says who may, and leads to the login", () => {
  fakeApi({});
  useSession.setState({ registration: "invite" });
  renderScreen("Register", <RegisterScreen next="/" />);
  expect(screen.getByText(/need an invitation/u)).toBeOnTheScreen();
  expect(screen.queryByLabelText("User name")).toBeNull();
  expect(screen.getByRole("link", { name: "Log in" })).toBeOnTheScreen();
});

it("API-INVITATION: who chose to join registers with the secret of the link, also where others may not", async () => {
  const answer = { status: 201, body: { user: user("ada"), token: "t", expires_at: "" } };
  const server = fakeApi({ "POST /api/auth/register": answer });
  useSession.setState({ registration: "closed" });
  useLinks.setState({ invite: "secret", wanted: true, registers: true });
  renderScreen("Register", <RegisterScreen next="/" />);
  registerAs("ada", "correct horse battery");
  await waitFor(() => expect(useSession.getState().user?.username).toBe("ada"));
  const body = { username: "ada", password: "correct horse battery", invitation: "secret" };
  expect(server.asked[0]?.body).toEqual(body);
  expect(useLinks.getState().invite).toBeNull();
});

it("API-INVITATION: a link that expired during typing is reported in place, and the input stays", async () => {
  usePreferences.setState({ language: "de" });
  fakeApi({ "POST /api/auth/register": problem(404, "link-invalid", "This link is not valid.") });
  useSession.setState({ registration: "invite" });
  useLinks.setState({ invite: "secret", wanted: true, registers: true });
  renderScreen("Register", <RegisterScreen next="/invite" />);
  fireEvent.changeText(screen.getByLabelText("Benutzername"), "ada");
  fireEvent.changeText(screen.getByLabelText("Passwort"), "correct horse battery");
  fireEvent.press(screen.getByRole("button", { name: "Registrieren" }));
  expect(await screen.findByText(/^Dieser Link gilt nicht/u)).toBeOnTheScreen();
  expect(screen.getByLabelText("Benutzername")).toHaveDisplayValue("ada");
  expect(useLinks.getState().invite).toBeNull();
});
