/** Logging in by a provider: its buttons, why that failed, and the identities of an account. */

import { fireEvent, screen, waitFor } from "@testing-library/react-native";
import { usePreferences } from "../../state/preferences";
import { useSession } from "../../state/session";
import { fakeApi, problem, user, type FakeRoutes } from "../../testing/fake-api";
import { renderScreen } from "../../testing/render";
import { Identities } from "./identities";
import { ProviderButtons } from "./provider-buttons";

const PROVIDERS = "GET /api/auth/providers";
const OWN = "GET /api/auth/identities";
const house = { id: "house", name: "The House" };
const identity = {
  id: 3,
  provider: house,
  issuer: "https://id.example",
  created_at: "2026-11-01T12:00:00.000Z",
  last_used_at: "2026-11-30T12:00:00.000Z",
};

let assign: jest.Mock;

function arrive(search: string) {
  assign = jest.fn();
  Object.defineProperty(globalThis, "location", {
    configurable: true,
    value: { search, assign, origin: "https://board.example" },
  });
}

beforeEach(() => {
  arrive("");
  usePreferences.setState({ language: "en" });
  useSession.setState({ status: "known", user: user("ada") });
});

describe("the login page", () => {
  const show = (
    next: string,
    routes: FakeRoutes = { [PROVIDERS]: { body: { items: [house] } } },
  ) => {
    fakeApi(routes);
    renderScreen("Login", <ProviderButtons next={next} />);
  };

  it("API-OIDC: has a button for each provider, which leads there and back to where one was", async () => {
    show("/boards/7");
    fireEvent.press(await screen.findByRole("button", { name: "Log in with The House" }));
    expect(assign).toHaveBeenCalledWith("/api/auth/oidc/house/start?return=%2Fboards%2F7");
  });

  it.each([
    ["en", "The provider did not let you in, or you cancelled."],
    ["de", "Der Anbieter hat Sie nicht angemeldet, oder Sie haben abgebrochen."],
  ] as const)("API-OIDC: says in %s why it failed", async (language, words) => {
    usePreferences.setState({ language });
    arrive("?error=denied");
    show("/", { [PROVIDERS]: { body: { items: [] } } });
    expect(await screen.findByText(words)).toBeOnTheScreen();
    expect(screen.queryByRole("button")).toBeNull();
  });
});

describe("the account", () => {
  const show = (own: object, more: FakeRoutes = {}) => {
    const server = fakeApi({
      [PROVIDERS]: { body: { items: [house, { id: "other", name: "Other" }] } },
      [OWN]: { body: own },
      "GET /api/auth/totp": { body: { enabled_at: null, recovery_codes: 0 } },
      ...more,
    });
    renderScreen("Profile", <Identities />);
    return server;
  };

  it("API-OIDC: tells by what one logs in, and links what is not linked by the password", async () => {
    const server = show(
      { items: [identity], password: true },
      {
        "POST /api/auth/oidc/other/link": { body: { location: "https://other.example/auth" } },
      },
    );
    expect(await screen.findByText("User name and password")).toBeOnTheScreen();
    expect(screen.queryByRole("button", { name: "Link The House" })).toBeNull();
    fireEvent.press(screen.getByRole("button", { name: "Link Other" }));
    fireEvent.press(screen.getByRole("button", { name: "Continue" }));
    expect(assign).not.toHaveBeenCalled();
    fireEvent.changeText(screen.getByLabelText("Password"), "correct horse battery");
    fireEvent.press(screen.getByRole("button", { name: "Continue" }));
    await waitFor(() => expect(assign).toHaveBeenCalledWith("https://other.example/auth"));
    expect(server.asked.at(-1)?.body).toEqual({ password: "correct horse battery" });
  });

  it("API-OIDC: the last way to log in is kept, and a user without a password is told what that means", async () => {
    show(
      { items: [identity], password: false },
      {
        "POST /api/auth/identities/3/remove": problem(
          409,
          "last-way-in",
          "This is the last way in.",
        ),
      },
    );
    fireEvent.press(await screen.findByRole("button", { name: "Unlink The House" }));
    fireEvent.press(screen.getByRole("button", { name: "Unlink" }));
    expect(await screen.findByText("This is the last way in.")).toBeOnTheScreen();
    fireEvent.press(screen.getByRole("button", { name: "Cancel" }));
    fireEvent.press(screen.getByRole("button", { name: "Log in with The House again" }));
    const address = "/api/auth/oidc/house/start?return=%2Fprofile&again=true";
    expect(assign).toHaveBeenCalledWith(address);
  });
});
