/** Logging in by a passkey, and the passkeys of an account. The browser's part is played here. */

import { fireEvent, screen, waitFor } from "@testing-library/react-native";
import { usePreferences } from "../../state/preferences";
import { useSession } from "../../state/session";
import { fakeApi, problem, user, type FakeRoutes } from "../../testing/fake-api";
import { renderScreen } from "../../testing/render";
import { OwnPasskeys, Passkeys } from "./passkeys";
import { ProviderButtons } from "./provider-buttons";

const PROVIDERS = "GET /api/auth/providers";
const OWN = "GET /api/auth/passkeys";
const OPTIONS = "POST /api/auth/passkeys/options";
const ADD = "POST /api/auth/passkeys";
const asked = { body: { public_key: { challenge: "asked" }, expires_in: 300 } };
const passkey = {
  id: 7,
  name: "My phone",
  created_at: "2026-11-01T12:00:00.000Z",
  last_used_at: null,
};

class Credential {
  static parseRequestOptionsFromJSON = (options: object) => options;
  static parseCreationOptionsFromJSON = (options: object) => options;
  toJSON = () => ({ rawId: "made" });
}

let answer: () => Promise<unknown>;

/** @param able whether the browser has passkeys */
function browse(able = true) {
  answer = () => Promise.resolve(new Credential());
  const ask = () => answer();
  Object.assign(globalThis, {
    PublicKeyCredential: able ? Credential : undefined,
    navigator: { userAgent: "", credentials: { get: ask, create: ask } },
    location: { search: "", assign: jest.fn(), origin: "https://board.example" },
  });
}

beforeEach(() => {
  browse();
  usePreferences.setState({ language: "en" });
  useSession.setState({ status: "known", user: user("ada") });
});

describe("the login page", () => {
  const show = (passkeys: boolean, routes: FakeRoutes = {}) => {
    useSession.setState({ status: "guest", user: null });
    const server = fakeApi({
      [PROVIDERS]: { body: { items: [{ id: "house", name: "House" }], passkeys } },
      "POST /api/auth/login/passkey/options": asked,
      ...routes,
    });
    renderScreen("Login", <ProviderButtons next="/boards/7" />);
    return server;
  };

  it("API-PASSKEY: logs in by what the browser gives, without a name and a password", async () => {
    const server = show(true, {
      "POST /api/auth/login/passkey": {
        body: { user: user("ada"), token: "t", expires_at: "2026-12-24T00:00:00.000Z" },
      },
    });
    fireEvent.press(await screen.findByRole("button", { name: "Sign in with a passkey" }));
    await waitFor(() => expect(useSession.getState().user?.username).toBe("ada"));
    expect(server.asked.at(-1)?.body).toEqual({ credential: { rawId: "made" } });
  });

  it.each([
    [false, true],
    [true, false],
  ])(
    "API-PASSKEY: offers none where the server (%s) or the browser (%s) has none",
    async (offered, able) => {
      browse(able);
      show(offered);
      expect(await screen.findByRole("button", { name: "Log in with House" })).toBeOnTheScreen();
      expect(screen.queryByRole("button", { name: "Sign in with a passkey" })).toBeNull();
    },
  );

  it.each([
    ["en", "There was no passkey for this site, or you cancelled."],
    ["de", "Es gab keinen Passkey für hier, oder Sie haben abgebrochen."],
  ] as const)("API-PASSKEY: says in %s that there was none", async (language, words) => {
    usePreferences.setState({ language });
    show(true);
    answer = () => Promise.reject(Object.assign(new Error("no"), { name: "NotAllowedError" }));
    fireEvent.press(await screen.findByRole("button", { name: /Passkey/iu }));
    expect(await screen.findByText(words)).toBeOnTheScreen();
  });
});

describe("the account", () => {
  const show = (items: object[], routes: FakeRoutes = {}, part = <OwnPasskeys />) => {
    const server = fakeApi({
      [PROVIDERS]: { body: { items: [], passkeys: true } },
      [OWN]: { body: { items } },
      "GET /api/auth/identities": { body: { items: [], password: true } },
      "GET /api/auth/totp": { body: { enabled_at: null, recovery_codes: 0 } },
      ...routes,
    });
    renderScreen("Profile", part);
    return server;
  };
  const fill = (label: string, text: string) =>
    fireEvent.changeText(screen.getByLabelText(label), text);

  it("API-PASSKEY: one is added by the password and under a name, where there was none", async () => {
    const server = show([], { [OPTIONS]: asked, [ADD]: { status: 201, body: passkey } });
    expect(await screen.findByText("You have no passkey yet.")).toBeOnTheScreen();
    fireEvent.press(screen.getByRole("button", { name: "Add a passkey…" }));
    fireEvent.press(screen.getByRole("button", { name: "Continue" }));
    expect(screen.getByText("Give it a name.")).toBeOnTheScreen();
    fill("Name", " My phone ");
    fill("Password", "correct horse battery");
    fireEvent.press(screen.getByRole("button", { name: "Continue" }));
    await screen.findByText("You can log in with the passkey from now on.");
    const options = server.asked.find(({ path }) => path.endsWith("/options"));
    expect(options?.body).toEqual({ name: "My phone", password: "correct horse battery" });
    const added = server.asked.find(({ method, path }) => `${method} ${path}` === ADD);
    expect(added?.body).toEqual({ name: "My phone", credential: { rawId: "made" } });
  });

  it("API-PASSKEY-PROOF: a code is required if logins require one, and a wrong one is reported", async () => {
    const invalid = (pointer: string) =>
      problem(422, "validation", "Not acceptable.", { errors: [{ pointer, detail: "is wrong" }] });
    const server = show([passkey], {
      "GET /api/auth/totp": {
        body: { enabled_at: "2026-11-01T12:00:00.000Z", recovery_codes: 9 },
      },
      "POST /api/auth/passkeys/7/remove": invalid("/code"),
    });
    fireEvent.press(await screen.findByRole("button", { name: "Remove passkey My phone" }));
    fill("Password", "correct horse battery");
    fireEvent.changeText(
      await screen.findByLabelText("Code from the app, or a recovery code"),
      "1",
    );
    fireEvent.press(screen.getByRole("button", { name: "Remove" }));
    expect(await screen.findByText(/^This code is not valid/u)).toBeOnTheScreen();
    const sent = server.asked.find(({ path }) => path.endsWith("/remove"));
    expect(sent?.body).toEqual({ password: "correct horse battery", code: "1" });
  });

  it("API-PASSKEY: one is renamed, and says when it was used", async () => {
    const server = show([{ ...passkey, last_used_at: "2026-11-30T12:00:00.000Z" }], {
      "PATCH /api/auth/passkeys/7": { body: passkey },
    });
    expect(await screen.findByText(/last used/u)).toBeOnTheScreen();
    fireEvent.press(screen.getByRole("button", { name: "Rename passkey My phone" }));
    fill("Name", "Old phone");
    fireEvent.press(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("The passkey is renamed.");
    const renamed = server.asked.find(({ method }) => method === "PATCH");
    expect(renamed?.body).toEqual({ name: "Old phone" });
  });

  it.each([
    ["en", /^You add and use passkeys in the browser/u],
    ["de", /^Passkeys legen Sie im Browser an/u],
  ] as const)("API-PASSKEY: phones have none and say so in %s", async (language, words) => {
    usePreferences.setState({ language });
    show([], {}, <Passkeys />);
    expect(await screen.findByText(words)).toBeOnTheScreen();
    expect(screen.queryByRole("button")).toBeNull();
  });
});
