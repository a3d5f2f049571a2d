/** The second step of a log-in, and what turns it on and off. */

import { fireEvent, screen, waitFor } from "@testing-library/react-native";
import { usePreferences } from "../../state/preferences";
import { useSession } from "../../state/session";
import { fakeApi, problem, user } from "../../testing/fake-api";
import { renderScreen } from "../../testing/render";
import { LoginScreen } from "../account/login-screen";
import { ProfileScreen } from "../profile/profile-screen";

const STEP = "POST /api/auth/login/second-factor";
const asksForCode = {
  "POST /api/auth/login": {
    body: { second_factor: { token: "step", expires_at: "2026-11-30T12:05:00.000Z" } },
  },
};
const entered = { body: { user: user("ada"), token: "t", expires_at: "2026-12-24T00:00:00.000Z" } };

// Its first loading takes longer than a test waits.
beforeAll(() => import("./parts"));
beforeEach(() => {
  usePreferences.setState({ language: "en" });
  useSession.setState({ status: "guest", user: null, registration: "open" });
});

async function passPassword() {
  renderScreen("Login", <LoginScreen next="/" />);
  fireEvent.changeText(screen.getByLabelText("User name"), "ada");
  fireEvent.changeText(screen.getByLabelText("Password"), "correct horse battery");
  fireEvent.press(screen.getByRole("button", { name: "Log in" }));
  expect(await screen.findByLabelText("Code")).toBeOnTheScreen();
}

function give(code: string, label = "Code") {
  fireEvent.changeText(screen.getByLabelText(label), code);
  fireEvent.press(screen.getByRole("button", { name: "Log in" }));
}

it("API-SECOND-FACTOR: the password alone does not log in, and a code does", async () => {
  const server = fakeApi({ ...asksForCode, [STEP]: entered });
  await passPassword();
  expect(useSession.getState().status).toBe("guest");
  fireEvent.press(screen.getByRole("button", { name: "Log in" }));
  expect(screen.getByText("Type the code.")).toBeOnTheScreen();
  give("123 456");
  await waitFor(() => expect(useSession.getState().status).toBe("known"));
  expect(server.asked.at(-1)?.body).toEqual({ token: "step", code: "123 456" });
});

it("API-SECOND-FACTOR: a wrong code can be typed again, and after too many a recovery code counts", async () => {
  const answers = [
    problem(401, "invalid-code", "This code is not valid."),
    problem(429, "too-many-attempts", "…", {}, { "Retry-After": "65" }),
    entered,
  ];
  fakeApi({ ...asksForCode, [STEP]: () => answers.shift() ?? entered });
  await passPassword();
  give("123456");
  expect(await screen.findByText(/^This code is not valid/u)).toBeOnTheScreen();
  give("123457");
  expect(await screen.findByText("Try again in 1:05")).toBeOnTheScreen();
  expect(screen.getByRole("button", { name: "Log in" })).toBeDisabled();
  fireEvent.press(screen.getByRole("button", { name: "Use a recovery code" }));
  give("abcd-efgh-ijkl-mnop", "Recovery code");
  await waitFor(() => expect(useSession.getState().status).toBe("known"));
});

it("API-SECOND-FACTOR: who waited too long types the password again", async () => {
  fakeApi({ ...asksForCode, [STEP]: problem(401, "login-expired", "Too much time has passed.") });
  await passPassword();
  give("123456");
  fireEvent.press(await screen.findByRole("button", { name: "Log in again" }));
  expect(screen.getByLabelText("Password")).toBeOnTheScreen();
});

it("API-TOTP: an app is set up by password and first code, which shows the recovery codes", async () => {
  useSession.setState({ status: "known", user: user("ada") });
  let on = false;
  const codes = Array.from({ length: 10 }, (_, n) => `abcd-efgh-ijkl-mno${n}`);
  const server = fakeApi({
    "GET /api/auth/sessions": { body: { items: [], next_cursor: null } },
    "GET /api/auth/totp": () => ({
      body: on
        ? { enabled_at: "2026-11-30T12:00:00.000Z", recovery_codes: 10 }
        : { enabled_at: null, recovery_codes: 0 },
    }),
    "POST /api/auth/totp": {
      body: { secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", uri: "otpauth://totp/Taskboard:ada" },
    },
    "POST /api/auth/totp/confirm": () => {
      on = true;
      return { body: { recovery_codes: codes } };
    },
  });
  renderScreen("Profile", <ProfileScreen />);
  fireEvent.press(await screen.findByRole("button", { name: "Set up an app…" }));
  fireEvent.changeText(screen.getByLabelText("Password"), "correct horse battery");
  fireEvent.press(screen.getByRole("button", { name: "Next" }));
  const key = await screen.findByLabelText("The key");
  expect(key).toHaveDisplayValue("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
  expect(screen.getByLabelText("QR code with the key for the app")).toBeOnTheScreen();
  fireEvent.changeText(screen.getByLabelText("Code"), "287082");
  fireEvent.press(screen.getByRole("button", { name: "Turn on" }));
  expect(await screen.findByText(codes[9] ?? "")).toBeOnTheScreen();
  expect(server.asked.find(({ path }) => path.endsWith("/confirm"))?.body).toEqual({
    code: "287082",
  });
  fireEvent.press(screen.getAllByRole("button", { name: "Close" }).at(-1)!);
  fireEvent.press(screen.getByRole("button", { name: "Close without a copy" }));
  expect(await screen.findByText("10 recovery codes are left.")).toBeOnTheScreen();
});
