/** Logging in with a provider, over HTTP and in the browser: a real provider, and a forger. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { PASSWORD } from "../harness/api.mjs";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { CLIENT, forger, Jar, realProvider } from "../harness/oidc.mjs";
import { useStage } from "../harness/stage.mjs";

let house;
let forge;
/** Like the forger, but unknown users get no account. */
let gate;

const shared = { ...CLIENT, admin_groups: ["ops"] };
const stage = useStage({
  full: true,
  variables: async () => {
    [house, forge, gate] = await Promise.all([
      realProvider(),
      forger(),
      forger(),
    ]);
    return {
      SPIN_VARIABLE_OIDC_HOSTS: "http://127.0.0.1:*",
      SPIN_VARIABLE_LOGIN_FAILURES_PER_ADDRESS: "1000",
      SPIN_VARIABLE_REGISTRATION: "invite",
      SPIN_VARIABLE_OIDC_PROVIDERS: JSON.stringify([
        {
          ...shared,
          id: "house",
          name: "The House",
          issuer: house.issuer,
          register: true,
        },
        {
          ...shared,
          id: "forge",
          name: "Forge",
          issuer: forge.issuer,
          register: true,
        },
        { ...shared, id: "gate", name: "Gate", issuer: gate.issuer },
        {
          id: "shut",
          name: "Shut",
          issuer: "http://127.0.0.1:1",
          client_id: "board",
        },
        {
          id: "far",
          name: "Far",
          issuer: "https://far.example",
          client_id: "board",
        },
      ]),
    };
  },
  ready: () => house.serve(stage.servers.url),
});

after(() => {
  house?.stop();
  forge?.stop();
  gate?.stop();
});

const of = (path) => `${stage.servers.url}${path}`;
const now = () => Math.floor(Date.now() / 1000);

/** Begins a login at the forger; returns its parameters and the claims of a valid token. */
async function begin(jar = new Jar(), path = "/api/auth/oidc/forge/start") {
  const answer = await jar.fetch(of(path));
  assert.equal(answer.status, 303);
  const asked = new URL(answer.headers.get("location")).searchParams;
  const claims = {
    iss: forge.issuer,
    aud: CLIENT.client_id,
    sub: "7",
    nonce: asked.get("nonce"),
    iat: now(),
    exp: now() + 300,
  };
  return { jar, asked, claims };
}

let codes = 0;

/** Calls the callback with this token; returns where it redirects to. */
async function comeBack({ jar, asked }, token, more = {}, by = "forge") {
  const code = `code-${(codes += 1)}`;
  (by === "forge" ? forge : gate).tokens.set(code, token);
  const query = new URLSearchParams({
    code,
    state: asked.get("state"),
    ...more,
  });
  const answer = await jar.fetch(of(`/api/auth/oidc/${by}/callback?${query}`));
  assert.equal(answer.status, 303);
  return answer.headers.get("location");
}

/** Logs a user in with the forger. */
async function enter(sub, more = {}, jar = new Jar()) {
  const flow = await begin(jar);
  const token = await forge.sign({ ...flow.claims, sub, ...more });
  return { jar, location: await comeBack(flow, token) };
}

async function me(jar) {
  const answer = await jar.fetch(of("/api/auth/me"));
  return answer.status === 200 ? answer.json() : answer.status;
}

/** Logs in on the real provider's own pages. */
async function logInAtHouse(jar, login, path) {
  const page = await jar.follow(of(path), "nowhere");
  const form = new URLSearchParams({
    prompt: "login",
    login,
    password: "anything",
  });
  const action = /action="(?<action>[^"]+)"/u.exec(await page.answer.text());
  return jar.follow(
    new URL(action.groups.action, page.at).href,
    of("/api/auth/oidc/house/callback"),
    { method: "POST", body: form },
  );
}

test("API-OIDC: a real provider's user gets an account, comes back to the page, and is the same the next time", async () => {
  house.people.set("ada", { name: "Ada L.", email: "ada@house.example" });
  const jar = new Jar();
  const start = "/api/auth/oidc/house/start?return=/boards?x=1";
  const back = await logInAtHouse(jar, "ada", start);
  const used = jar.cookies(stage.servers.url).get("sign-in");
  const answer = await jar.fetch(back.at);
  assert.equal(answer.headers.get("location"), "/boards?x=1");
  assert.equal(answer.headers.get("cache-control"), "no-store");
  const first = await me(jar);
  assert.equal(first.username, "ada");
  assert.equal(first.display_name, "Ada L.");
  assert.equal(first.role, "user");

  // The same URL again, with the cookie that the callback has cleared: the provider's code is used
  // up.
  const again = new Jar();
  again.cookies(stage.servers.url).set("sign-in", used);
  const twice = await again.fetch(back.at);
  assert.equal(twice.headers.get("location"), "/login?error=invalid");
  const bare = await new Jar().fetch(back.at);
  assert.equal(bare.headers.get("location"), "/login?error=expired");

  const second = new Jar();
  const once = await logInAtHouse(second, "ada", "/api/auth/oidc/house/start");
  await second.fetch(once.at);
  assert.equal((await me(second)).id, first.id);
  const sessions = await (await second.fetch(of("/api/auth/sessions"))).json();
  assert.equal(sessions.items.length, 2);
});

test("API-OIDC: the login page gets the providers' names and nothing else", async () => {
  const answer = await fetch(of("/api/auth/providers"));
  assert.equal(answer.headers.get("cache-control"), "public, max-age=60");
  assert.deepEqual(await answer.json(), {
    items: [
      { id: "house", name: "The House" },
      { id: "forge", name: "Forge" },
      { id: "gate", name: "Gate" },
      { id: "shut", name: "Shut" },
      { id: "far", name: "Far" },
    ],
    passkeys: true,
  });
});

test("API-OIDC: tokens by RS256, ES256 and EdDSA are taken, and none that is forged, mixed up, late or for others", async () => {
  for (const kid of ["RS256", "ES256", "EdDSA"]) {
    const flow = await begin();
    const token = await forge.sign({ ...flow.claims, sub: kid }, { kid });
    assert.equal(await comeBack(flow, token), "/", kid);
    assert.equal(typeof (await me(flow.jar)).id, "number");
  }
  const secret = new TextEncoder().encode(CLIENT.client_secret.padEnd(32, "="));
  const refused = {
    "no signature": (claims) => forge.unsigned(claims),
    "the client's secret": (claims) =>
      forge.sign(claims, { key: secret, header: { alg: "HS256" } }),
    "an algorithm that is not accepted": (claims) =>
      forge.sign(claims, { kid: "PS256" }),
    "a stranger's key": (claims) =>
      forge.sign(claims, { kid: "stranger", header: { kid: "RS256" } }),
    "an unknown key": (claims) => forge.sign(claims, { kid: "stranger" }),
    "a logout token": (claims) =>
      forge.sign(claims, { header: { typ: "logout+jwt" } }),
    "an extension that must be understood": (claims) =>
      forge.sign(claims, { header: { crit: ["b64"], b64: true } }),
    "another issuer": (claims) => forge.sign({ ...claims, iss: house.issuer }),
    "another audience": (claims) => forge.sign({ ...claims, aud: "other" }),
    "another party": (claims) => forge.sign({ ...claims, azp: "other" }),
    "an end in the past": (claims) =>
      forge.sign({ ...claims, iat: now() - 900, exp: now() - 600 }),
    "a beginning to come": (claims) =>
      forge.sign({ ...claims, iat: now() + 600, exp: now() + 900 }),
    "another nonce": (claims) => forge.sign({ ...claims, nonce: "forged" }),
    "no nonce": (claims) => forge.sign({ ...claims, nonce: undefined }),
    "no subject": (claims) => forge.sign({ ...claims, sub: undefined }),
    "no token": () => "nonsense",
  };
  for (const [what, make] of Object.entries(refused)) {
    const flow = await begin();
    const location = await comeBack(flow, await make(flow.claims));
    assert.equal(location, "/login?error=invalid", what);
    assert.equal(await me(flow.jar), 401, what);
  }
});

test("API-OIDC: a callback that this browser did not begin, of another provider or rejected, logs nobody in", async () => {
  const flow = await begin();
  const token = await forge.sign(flow.claims);
  const cases = [
    [{ state: "forged" }, "expired"],
    [{ iss: house.issuer }, "invalid"],
    [{ error: "access_denied" }, "denied"],
    [{ error: "server_error" }, "unavailable"],
    [{ code: "unheard-of" }, "invalid"],
  ];
  for (const [more, word] of cases) {
    const fresh = await begin();
    const location = await comeBack(fresh, token, more);
    assert.equal(location, `/login?error=${word}`, JSON.stringify(more));
    // The answer to another login does not end the one that this browser has begun.
    const left = more.state ? ["sign-in"] : [];
    assert.deepEqual([...fresh.jar.cookies(stage.servers.url).keys()], left);
  }
  // One provider's cookie at another's callback.
  const query = new URLSearchParams({
    code: "any",
    state: flow.asked.get("state"),
  });
  const mixed = await flow.jar.fetch(
    of(`/api/auth/oidc/house/callback?${query}`),
  );
  assert.equal(mixed.headers.get("location"), "/login?error=expired");
  for (const word of ["elsewhere", "large"]) {
    assert.equal(
      await comeBack(await begin(), word),
      "/login?error=unavailable",
      word,
    );
  }
  const words = { nobody: "unknown-provider", shut: "unavailable" };
  for (const [provider, word] of Object.entries(words)) {
    const answer = await new Jar().fetch(
      of(`/api/auth/oidc/${provider}/start`),
    );
    assert.equal(answer.headers.get("location"), `/login?error=${word}`);
  }
  for (const page of ["//evil.example", "https://evil.example", "/api/auth"]) {
    const path = `/api/auth/oidc/forge/start?return=${encodeURIComponent(page)}`;
    assert.equal((await fetch(of(path))).status, 422, page);
  }
});

test("API-OIDC: of two tabs that log in at once the later one does, in whatever order they come back", async () => {
  const jar = new Jar();
  const tabs = [await begin(jar), await begin(jar)];
  const [first, second] = await Promise.all(
    tabs.map(({ claims }) => forge.sign({ ...claims, sub: "two tabs" })),
  );
  assert.equal(await comeBack(tabs[0], first), "/login?error=expired");
  assert.equal(await me(jar), 401);
  assert.equal(await comeBack(tabs[1], second), "/");
  assert.equal(typeof (await me(jar)).id, "number");
});

test("API-OIDC: the log names the setting where a provider's host is none that may be asked", async () => {
  const answer = await new Jar().fetch(of("/api/auth/oidc/far/start"));
  assert.equal(answer.headers.get("location"), "/login?error=unavailable");
  const log = await readFile(
    join(stage.servers.logs, "local-host.log"),
    "utf8",
  );
  assert.match(log, /oidc provider far: discovery: .*variable oidc_hosts/u);
});

test("API-OIDC: 64 who come back at once with one new subject get one account, whose name is free", async () => {
  const { jar: other } = await enter("first", { preferred_username: "grace" });
  const flows = await Promise.all(Array.from({ length: 64 }, () => begin()));
  await Promise.all(
    flows.map(async (flow) => {
      const claims = { ...flow.claims, sub: "many" };
      const token = await forge.sign({
        ...claims,
        preferred_username: "Grace",
      });
      assert.equal(await comeBack(flow, token), "/");
    }),
  );
  const users = await Promise.all(flows.map(({ jar }) => me(jar)));
  assert.deepEqual(
    [...new Set(users.map(({ username }) => username))],
    ["Grace-2"],
  );
  assert.equal((await me(other)).username, "grace");
});

test("API-OIDC: a user who may not register, or is disabled, is told so and gets no session", async () => {
  const { jar } = await enter("disabled", { preferred_username: "disabled" });
  await stage.servers.sql(
    "UPDATE users SET disabled = true WHERE username = 'disabled'",
  );
  assert.equal(await me(jar), 401);
  const again = await enter("disabled");
  assert.equal(again.location, "/login?error=account-disabled");
  const flow = await begin(new Jar(), "/api/auth/oidc/gate/start");
  const token = await gate.sign({ ...flow.claims, iss: gate.issuer });
  const location = await comeBack(flow, token, {}, "gate");
  assert.equal(location, "/login?error=registration-closed");
  assert.equal(await me(flow.jar), 401);
});

test("API-OIDC-ROLE: groups make admins at each log-in, who lose their tokens with the role, but for the last one", async () => {
  const boss = await enter("boss", { groups: ["staff", "ops"] });
  assert.equal((await me(boss.jar)).role, "admin");
  // The last one stays.
  const still = await enter("boss", { groups: ["staff"] });
  assert.equal((await me(still.jar)).role, "admin");
  const deputy = await enter("deputy", { groups: "ops" });
  assert.equal((await me(deputy.jar)).role, "admin");
  const fallen = await enter("boss", {});
  assert.equal((await me(fallen.jar)).role, "user");
  assert.equal(await me(boss.jar), 401);
  assert.equal(await me(still.jar), 401);
});

const EVENT = "http://schemas.openid.net/event/backchannel-logout";

/** Sends a logout token as the forger. */
async function tell(change = {}, signed = {}) {
  const token = await forge.sign(
    {
      iss: forge.issuer,
      aud: CLIENT.client_id,
      iat: now(),
      exp: now() + 120,
      jti: `jti-${(codes += 1)}`,
      events: { [EVENT]: {} },
      ...change,
    },
    { header: { typ: "logout+jwt" }, ...signed },
  );
  const body = new URLSearchParams({ logout_token: token });
  const send = () =>
    fetch(of("/api/auth/oidc/forge/backchannel-logout"), {
      method: "POST",
      body,
    });
  return { status: (await send()).status, send };
}

test("API-OIDC-LOGOUT: a logout token ends the log-ins of its session, or of its subject, once, and no other ends any", async () => {
  const [one, two, three] = await Promise.all([
    enter("leaver", { sid: "s1" }),
    enter("leaver", { sid: "s2" }),
    enter("stayer", { sid: "s3" }),
  ]);
  const wrong = [
    [{ sid: "s1", nonce: "n" }],
    [{ sid: "s1", aud: "other" }],
    [{ sid: "s1", iss: house.issuer }],
    [{ sid: "s1", iat: now() - 900, exp: now() - 600 }],
    [{ sid: "s1", events: {} }],
    [{}],
    [{ sid: "s1", jti: undefined }],
    [{ sid: "s1" }, { kid: "stranger" }],
    [{ sid: "s1" }, { header: { typ: "at+jwt" } }],
  ];
  for (const [change, signed] of wrong) {
    assert.equal((await tell(change, signed)).status, 400);
  }
  assert.notEqual(await me(one.jar), 401);
  const reported = await tell({ sid: "s1", sub: "leaver" });
  assert.equal(reported.status, 200);
  assert.equal(await me(one.jar), 401);
  assert.notEqual(await me(two.jar), 401);
  assert.equal((await reported.send()).status, 400, "the same token again");
  assert.equal((await tell({ sub: "leaver" })).status, 200);
  assert.equal(await me(two.jar), 401);
  assert.equal((await tell({ sub: "nobody" })).status, 200);
  assert.notEqual(await me(three.jar), 401);
});

test("LIMIT-OIDC: unknown keys make us read the provider's keys again once a minute at most", async () => {
  const before = forge.keysRead();
  for (let nth = 0; nth < 20; nth += 1) {
    const reported = await tell({ sub: "nobody" }, { kid: "stranger" });
    assert.equal(reported.status, 400);
  }
  // Each instance of the function has its own minute.
  assert.ok(forge.keysRead() - before < 10);
});

async function ask(jar, method, path, body) {
  const answer = await jar.fetch(of(path), {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, json: text === "" ? null : JSON.parse(text) };
}

test("API-OIDC: a logged-in user links an identity to one account and unlinks it, but never the last way to log in", async () => {
  const { jar } = await enter("linker", { preferred_username: "linker" });
  const identities = async () =>
    (await ask(jar, "GET", "/api/auth/identities")).json;
  const [own] = (await identities()).items;
  assert.deepEqual(own.provider, { id: "forge", name: "Forge" });
  assert.equal((await identities()).password, false);
  const removal = `/api/auth/identities/${own.id}/remove`;
  const last = await ask(jar, "POST", removal, {});
  assert.equal(last.json.type, "/problems/last-way-in");

  const link = async (sub) => {
    const started = await ask(jar, "POST", "/api/auth/oidc/forge/link", {});
    const asked = new URL(started.json.location).searchParams;
    const claims = { iss: forge.issuer, aud: CLIENT.client_id, sub };
    const token = await forge.sign({
      ...claims,
      nonce: asked.get("nonce"),
      iat: now(),
      exp: now() + 300,
    });
    return comeBack({ jar, asked }, token);
  };
  await enter("somebody-else");
  assert.equal(await link("somebody-else"), "/profile?error=identity-taken");
  assert.equal(await link("second"), "/profile");
  const before = await me(jar);
  const { jar: bySecond } = await enter("second");
  assert.equal((await me(bySecond)).id, before.id);
  assert.equal((await ask(bySecond, "POST", removal, {})).status, 204);
  assert.equal(await me(jar), 401, "logins with it end");
  assert.notEqual(await me(bySecond), 401);
  assert.notEqual((await me((await enter("linker")).jar)).id, before.id);

  // Nobody else's can be unlinked, nor without logging in.
  const strange = await ask(
    (await enter("x1")).jar,
    "POST",
    `/api/auth/identities/${own.id + 1}/remove`,
    {},
  );
  assert.equal(strange.status, 404);
  assert.equal(
    (await ask(new Jar(), "POST", "/api/auth/oidc/forge/link", {})).status,
    401,
  );
});

test("API-PROOF: a log-in that is older, or a password alone, links and unlinks nothing", async () => {
  const { jar } = await enter("proving", { auth_time: now() - 3600 });
  const [own] = (await ask(jar, "GET", "/api/auth/identities")).json.items;
  const paths = [
    "/api/auth/oidc/forge/link",
    `/api/auth/identities/${own.id}/remove`,
  ];
  const refused = async (body, status, tells) => {
    for (const path of paths) {
      const answer = await ask(jar, "POST", path, body);
      assert.equal(answer.status, status, path);
      assert.equal(tells(answer.json), true, JSON.stringify(answer.json));
    }
  };
  await refused(
    {},
    403,
    ({ type }) => type === "/problems/reauthentication-required",
  );
  await enter("proving", { auth_time: now() }, jar);
  const wanted = { password: PASSWORD };
  assert.equal((await ask(jar, "PATCH", "/api/auth/me", wanted)).status, 200);
  const at = (pointer) => (problem) => problem.errors[0].pointer === pointer;
  await refused({}, 422, at("/password"));
  await refused({ password: "somebody's guess" }, 422, at("/password"));
  const begun = await ask(jar, "POST", paths[0], wanted);
  assert.match(begun.json.location, /client_id=/u);
  assert.equal(jar.cookies(stage.servers.url).has("sign-in"), true);
  assert.equal((await ask(jar, "POST", paths[1], wanted)).status, 204);
});

test("API-OIDC: who has no password sets one, or leaves, only just after a log-in by the provider", async () => {
  const { jar } = await enter("bare", { auth_time: now() - 3600 });
  const wanted = { password: PASSWORD };
  for (const [method, path] of [
    ["PATCH", "/api/auth/me"],
    ["POST", "/api/auth/delete-account"],
  ]) {
    const body = method === "PATCH" ? wanted : {};
    const late = await ask(jar, method, path, body);
    assert.equal(late.json.type, "/problems/reauthentication-required");
  }
  const again = await begin(jar, "/api/auth/oidc/forge/start?again=true");
  assert.equal(again.asked.get("max_age"), "0");
  assert.equal(again.asked.get("prompt"), "login");
  const fresh = await enter("bare", { auth_time: now() }, jar);
  assert.equal(fresh.location, "/");
  assert.equal((await ask(jar, "PATCH", "/api/auth/me", wanted)).status, 200);
  const without = await ask(jar, "PATCH", "/api/auth/me", wanted);
  assert.equal(without.json.errors[0].pointer, "/current_password");
  const { username } = await me(jar);
  await stage.accounts.logIn(username);
  const gone = await enter("leaving", { auth_time: now() });
  assert.equal(
    (await ask(gone.jar, "POST", "/api/auth/delete-account", {})).status,
    204,
  );
});

/** Logs in on the real provider's page, without its fonts from the internet. */
async function enterHouse(page, login) {
  await page.route(/fonts\.googleapis/u, (route) => route.abort());
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill("anything");
  await page.locator("button[type=submit]").click();
}

/** Enters the password in the open dialog and confirms. */
async function prove(page, password, confirm) {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Password", { exact: true }).fill(password);
  await dialog.getByRole("button", { name: confirm, exact: true }).click();
}

test("API-OIDC, API-OIDC-LOGOUT: from the login page to the provider and onto a board; logging out there logs out here, and closes the socket", async () => {
  const window = await openApp(stage);
  const { page } = window;
  await window.go("/login");
  await page.getByRole("button", { name: "Log in with The House" }).click();
  await enterHouse(page, "mary");
  await page.getByRole("heading", { name: "Boards", level: 1 }).waitFor();
  await page.getByRole("button", { name: "New board" }).first().click();
  await page.getByRole("textbox", { name: "Name" }).fill("Housework");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await window.board.isLive();

  const there = await window.context.newPage();
  await there.goto(`${house.issuer}/session/end`);
  await there.getByRole("button", { name: /yes/iu }).click();
  await page.waitForURL(/\/login\?next=/u, { timeout: 15_000 });
  await window.close();
});

test("API-OIDC: a user with a password links a provider on the account page and logs in by it; errors are shown", async () => {
  const { jar } = await enter("novice", { auth_time: now() });
  const set = await ask(jar, "PATCH", "/api/auth/me", { password: PASSWORD });
  const { id } = set.json;
  const user = await stage.servers.sql(
    `INSERT INTO users (username, display_name, password_hash) SELECT 'oldhand', 'Old Hand', password_hash FROM users WHERE id = ${id}`,
  );
  assert.ok(user);
  const window = await openApp(stage, {
    account: await stage.accounts.logIn("oldhand"),
  });
  const { page } = window;
  await window.go("/profile");
  await page.getByRole("button", { name: "Link The House" }).click();
  await prove(page, "wrong password", "Continue");
  await page.getByText("That is not your password.").waitFor();
  await prove(page, PASSWORD, "Continue");
  await enterHouse(page, "oldhand-at-home");
  await page.getByRole("button", { name: "Unlink The House" }).waitFor();
  assert.equal(new URL(page.url()).pathname, "/profile");

  const other = await openApp(stage);
  await other.go("/login?error=denied");
  await other.page
    .getByText("The provider did not let you in, or you cancelled.")
    .waitFor();
  await other.page
    .getByRole("button", { name: "Log in with The House" })
    .click();
  await enterHouse(other.page, "oldhand-at-home");
  await other.page.getByRole("heading", { name: "Boards", level: 1 }).waitFor();
  await other.go("/profile");
  await other.page.getByText("oldhand", { exact: true }).first().waitFor();
  const faults = other.faults().filter((fault) => !fault.includes("fonts."));
  assert.deepEqual(faults, []);

  await page.getByRole("button", { name: "Unlink The House" }).click();
  await prove(page, PASSWORD, "Unlink");
  await page
    .getByRole("button", { name: "Link The House", exact: true })
    .waitFor();
  await eventually(
    "the user who logged in with it is logged out",
    async () =>
      (await other.page.request.get(of("/api/auth/me"))).status() === 401,
  );
  await Promise.all([window.close(), other.close()]);
});
