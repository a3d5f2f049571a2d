/** One's e-mail address in each of its states, the page that confirms it, and resetting a forgotten password. */

import { fireEvent, screen, waitFor } from "@testing-library/react-native";
import { useLinks } from "../../state/links";
import { usePreferences } from "../../state/preferences";
import { useSession } from "../../state/session";
import { fakeApi, problem, user, type FakeRoutes } from "../../testing/fake-api";
import { renderScreen } from "../../testing/render";
import { EmailSection } from "./email-section";
import { ForgottenPassword } from "./forgotten-password";
import { VerifyEmailPage } from "./verify-email-page";

const READ = "GET /api/auth/email";
const SET = "POST /api/auth/email";
const RESEND = "POST /api/auth/email/resend";
const VERIFY = "POST /api/auth/email/verify";
const none = { address: null, verified_at: null, pending: null };
const own = { ...none, address: "ada@example.org", verified_at: "2026-11-29T12:00:00.000Z" };
const pending = {
  ...none,
  pending: { address: "new@example.org", expires_at: "2026-12-01T12:00:00.000Z" },
};

beforeEach(() => {
  usePreferences.setState({ language: "en" });
  useSession.setState({ status: "known", user: user("ada"), mail: true });
});

describe("the section", () => {
  const show = (email: object, more: FakeRoutes = {}) => {
    const identities = { body: { items: [], password: true } };
    const server = fakeApi({
      [READ]: { body: email },
      "GET /api/auth/identities": identities,
      ...more,
    });
    renderScreen("Profile", <EmailSection />);
    return server;
  };
  const press = (name: string | RegExp) =>
    fireEvent.press(screen.getAllByRole("button", { name }).at(-1) as never);

  it("API-EMAIL: a user without one enters one with their password, and waits for its mail", async () => {
    const server = show(none, { [SET]: { status: 202, body: pending } });
    expect(await screen.findByText("You have not given an address.")).toBeOnTheScreen();
    press("Add an address…");
    fireEvent.changeText(screen.getByLabelText(/^E-mail address/u), " new@example.org ");
    fireEvent.changeText(screen.getByLabelText(/^Password/u), "correct horse battery");
    press("Send the mail");
    expect(await screen.findByText(/on its way to .*new@example\.org/u)).toBeOnTheScreen();
    const [sent] = server.asked.filter(({ method, path }) => `${method} ${path}` === SET);
    expect(sent?.body).toEqual({
      address: "new@example.org",
      language: "en",
      password: "correct horse battery",
    });
  });

  it("API-EMAIL: one that waits can be sent again, and the one before stays", async () => {
    const both = { ...own, pending: pending.pending };
    const server = show(both, { [RESEND]: { status: 202, body: both } });
    expect(await screen.findByText(/Until then .*ada@example\.org.* stays/u)).toBeOnTheScreen();
    press("Send it again");
    await waitFor(() =>
      expect(server.asked.some(({ path }) => path === "/api/auth/email/resend")).toBe(true),
    );
  });

  it("API-EMAIL: one that is confirmed is shown, and taken away with the password", async () => {
    const remove = "POST /api/auth/email/remove";
    show(own, { [remove]: { status: 204 } });
    expect(await screen.findByText(/ada@example\.org.*, confirmed on/u)).toBeOnTheScreen();
    press("Remove the address…");
    fireEvent.changeText(screen.getByLabelText(/^Password/u), "correct horse battery");
    press("Remove");
    expect(await screen.findByText("You have not given an address.")).toBeOnTheScreen();
  });

  it("API-MAIL: is not there where no mails are sent", async () => {
    useSession.setState({ mail: false });
    const server = show(none);
    await waitFor(() => expect(server.asked.length).toBeGreaterThan(0));
    expect(screen.queryByText("E-mail")).toBeNull();
  });
});

describe("the page of a link", () => {
  const show = (routes: FakeRoutes) => {
    useLinks.setState({ "verify-email": "a-secret" });
    const server = fakeApi(routes);
    renderScreen("VerifyEmail", <VerifyEmailPage />);
    return server;
  };

  it("API-EMAIL: confirms on request", async () => {
    const server = show({ [VERIFY]: { body: own }, [READ]: { body: own } });
    fireEvent.press(await screen.findByRole("button", { name: "Confirm the address" }));
    await waitFor(() => expect(useLinks.getState()["verify-email"]).toBeNull());
    expect(server.asked.find(({ path }) => path.endsWith("/verify"))?.body).toEqual({
      token: "a-secret",
    });
  });

  it.each([
    ["link-invalid", 404, "This link is not valid"],
    ["email-taken", 409, /^Another account has this address/u],
  ] as const)("API-EMAIL: says what %s means", async (kind, status, words) => {
    show({ [VERIFY]: problem(status, kind, "No.") });
    fireEvent.press(await screen.findByRole("button", { name: "Confirm the address" }));
    expect(await screen.findByText(words)).toBeOnTheScreen();
  });

  it("API-EMAIL: asks a guest to log in first", async () => {
    useSession.setState({ status: "guest", user: null });
    show({});
    expect(await screen.findByRole("button", { name: "Log in" })).toBeOnTheScreen();
  });
});

it.each([
  ["en", "Forgot your password?", "Send the mail", /^If there is such an account/u],
  ["de", "Passwort vergessen?", "E-Mail senden", /^Wenn es dieses Konto gibt/u],
] as const)("API-FORGOT: asks in %s for a mail", async (language, open, send, done) => {
  usePreferences.setState({ language });
  useSession.setState({ status: "guest", user: null });
  const server = fakeApi({ "POST /api/auth/forgot-password": { status: 202 } });
  renderScreen("Login", <ForgottenPassword username="ada" />);
  fireEvent.press(screen.getByRole("button", { name: open }));
  fireEvent.press(screen.getByRole("button", { name: send }));
  expect(await screen.findByText(done)).toBeOnTheScreen();
  expect(server.asked[0]?.body).toEqual({ account: "ada", language });
});
