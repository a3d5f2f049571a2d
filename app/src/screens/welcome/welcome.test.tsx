/** The ways in that the first screen offers. */

import { act, screen, waitFor } from "@testing-library/react-native";
import { usePreferences } from "../../state/preferences";
import { refreshUser, useSession } from "../../state/session";
import { fakeApi, problem } from "../../testing/fake-api";
import { renderScreen } from "../../testing/render";
import { WelcomeScreen } from "./welcome-screen";

beforeEach(() => {
  useSession.setState({ status: "unknown", user: null, hasAccounts: true, registration: "open" });
  usePreferences.setState({ language: "en" });
});

function ways(): unknown[] {
  return screen.getAllByRole("link").map(({ props }) => props.accessibilityLabel as unknown);
}

it("a guest may register, log in, or continue without an account", async () => {
  fakeApi({ "GET /api/auth/me": { status: 204 } });
  renderScreen("Home", <WelcomeScreen />);
  await act(refreshUser);
  expect(ways()).toEqual(expect.arrayContaining(["Register", "Log in", "Try without an account"]));
});

it.each(["invite", "closed"])(
  "API-REGISTRATION: where registration is %s the first screen offers the login alone",
  async (registration) => {
    fakeApi({
      "GET /api/auth/me": { status: 204 },
      "GET /config.json": { body: { relay_url: "", registration } },
    });
    renderScreen("Home", <WelcomeScreen />);
    await act(refreshUser);
    await waitFor(() => expect(ways()).not.toContain("Register"));
    expect(ways()).toContain("Log in");
  },
);

it("503 not-configured: a server without accounts offers none, and says why", async () => {
  fakeApi({ "GET /api/auth/me": problem(503, "not-configured", "No database.") });
  renderScreen("Home", <WelcomeScreen />);
  await act(refreshUser);
  expect(screen.getByText("This server has no accounts")).toBeOnTheScreen();
  expect(ways().filter((name) => name === "Try without an account")).toHaveLength(1);
  expect(ways()).not.toContain("Register");
});
