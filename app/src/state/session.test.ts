/** The login, with a stand-in for `fetch`. */

import type { User } from "../generated/api";
import { type HttpResponse, settings } from "../utilities/http";
import { deviceStorage } from "../utilities/storage";
import { boards } from "../utilities/request";
import { logIn, logOut, refreshUser, startSession, useSession } from "./session";

const ada: User = {
  id: 1,
  username: "ada",
  display_name: "Ada",
  role: "user",
  created_at: "2026-01-09T17:00:00.000Z",
};

/** What the stand-in answers, by method and path; what is not here cannot be reached. */
let answers: Record<string, readonly [number, unknown]> = {};

function response(status: number, value: unknown): HttpResponse {
  return {
    ok: status < 300,
    status,
    headers: { get: () => null },
    text: () => Promise.resolve(value === undefined ? "" : JSON.stringify(value)),
  };
}

/** What another tab's write does in this one; a phone's storage reports none. */
let written: (key: string) => void = () => undefined;
jest.spyOn(deviceStorage, "watch").mockImplementation((listener) => {
  written = listener;
  return () => undefined;
});

beforeEach(async () => {
  answers = {};
  settings.fetch = (address, { method }) => {
    const [path, query] = address.split("?");
    const answer = answers[`${method} ${path}`];
    // As the server does it for who asks whether anybody is logged in.
    if (answer?.[0] === 401 && query === "optional=true") {
      return Promise.resolve(response(204, undefined));
    }
    return answer === undefined
      ? Promise.reject(new TypeError("no network"))
      : Promise.resolve(response(...answer));
  };
  settings.server = "";
  for (const key of await deviceStorage.keys("")) {
    await deviceStorage.remove(key);
  }
  useSession.setState({ user: null, status: "unknown", server: "" });
});

const status = () => useSession.getState().status;
/** As if the app were started again on the same device. */
async function restart() {
  useSession.setState({ user: null, status: "unknown" });
  await startSession();
}

test("a device without a stored session asks the server; if nobody is logged in, it is a guest", async () => {
  answers["GET /api/auth/me"] = [401, {}];
  await startSession();
  expect([status(), useSession.getState().user]).toEqual(["guest", null]);
});

test("a login is known at the next start, even without network", async () => {
  answers["GET /api/auth/me"] = [401, {}];
  answers["POST /api/auth/login"] = [200, { user: ada, token: "t", expires_at: "" }];
  await startSession();
  await logIn({ username: "ada", password: "correct horse battery" });
  expect([status(), useSession.getState().user]).toEqual(["known", ada]);
  answers = {};
  await restart();
  expect([status(), useSession.getState().user]).toEqual(["known", ada]);
});

test("a 401 in the middle of the work is an expired login whose user stays known", async () => {
  answers["GET /api/auth/me"] = [200, ada];
  await startSession();
  answers["GET /api/boards"] = [401, { type: "/problems/unauthorized" }];
  await expect(boards.list()).rejects.toMatchObject({ status: 401 });
  expect([status(), useSession.getState().user]).toEqual(["expired", ada]);
});

test("a login that ended while the app was closed has expired, too", async () => {
  answers["GET /api/auth/me"] = [200, ada];
  await startSession();
  answers["GET /api/auth/me"] = [401, {}];
  await restart();
  expect(status()).toBe("expired");
});

test("a server that cannot answer ends no login, and revives none", async () => {
  answers["GET /api/auth/me"] = [200, ada];
  await startSession();
  answers["GET /api/auth/me"] = [500, {}];
  await refreshUser();
  expect(status()).toBe("known");
  answers["GET /api/auth/me"] = [401, {}];
  await refreshUser();
  answers["GET /api/auth/me"] = [500, {}];
  await refreshUser();
  expect(status()).toBe("expired");
});

test("logging out forgets who it was, also where the login had ended already", async () => {
  for (const code of [204, 401]) {
    answers["GET /api/auth/me"] = [200, ada];
    await restart();
    answers["POST /api/auth/logout"] = [code, undefined];
    await logOut();
    expect([status(), useSession.getState().user]).toEqual(["guest", null]);
    answers["GET /api/auth/me"] = [401, {}];
    await restart();
    expect(status()).toBe("guest");
  }
});

test("a logout everywhere that the server rejected is reported, and changes nothing", async () => {
  answers["GET /api/auth/me"] = [200, ada];
  await startSession();
  await expect(logOut(true)).rejects.toThrow();
  expect(status()).toBe("known");
});

test("another tab's logout and login are this tab's as well: a browser has one login, and nothing is sent in another user's name", async () => {
  answers["GET /api/auth/me"] = [200, ada];
  await startSession();
  for (const [user, expected] of [
    [null, "guest"],
    [{ ...ada, id: 2, username: "grace" }, "known"],
  ] as const) {
    await deviceStorage.set("session", JSON.stringify({ user, server: "" }));
    written("session");
    await new Promise(process.nextTick);
    expect([status(), useSession.getState().user]).toEqual([expected, user]);
  }
});

test("an expired login is renewed if another tab logs in, and a new login is reported to other tabs", async () => {
  answers["GET /api/auth/me"] = [200, ada];
  await startSession();
  answers["GET /api/auth/me"] = [401, {}];
  await refreshUser();
  const before = await deviceStorage.get("session");
  written("session");
  await new Promise(process.nextTick);
  expect(status()).toBe("expired");
  answers["GET /api/auth/me"] = [200, ada];
  written("session");
  await new Promise(setImmediate);
  expect([status(), useSession.getState().user]).toEqual(["known", ada]);
  // A browser tells other tabs of another text only.
  answers["POST /api/auth/login"] = [200, { user: ada, token: "t", expires_at: "" }];
  await logIn({ username: "ada", password: "correct horse battery" });
  expect(await deviceStorage.get("session")).not.toBe(before);
});
