/** E-mail addresses and forgotten passwords, over HTTP and a real mail server. In the browser: forgotten.test.mjs. */

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { accountsOf, PASSWORD } from "../harness/api.mjs";
import { eventually } from "../harness/eventually.mjs";
import { authority, mailServer, mailVariables } from "../harness/mail.mjs";
import { freePort, Program } from "../harness/program.mjs";
import { useStage } from "../harness/stage.mjs";

let post;
let authorities;
const SECRET = "the mail server's password";

const stage = useStage({
  full: true,
  browser: false,
  variables: async () => {
    authorities = await authority();
    const identity = await authorities.identity("localhost");
    post = await mailServer({ identity, password: SECRET });
    const user = `relay:${encodeURIComponent(SECRET)}`;
    return {
      ...mailVariables(`smtp://${user}@localhost:${post.port}`),
      RELAY_SMTP_CA_FILE: authorities.file,
    };
  },
});

after(async () => {
  await post?.stop();
  authorities?.remove();
});

let counted = 0;
const fresh = (name) => `${name}-${(counted += 1)}`;

/** A client address that no other test uses. */
const network = () =>
  `10.${[...randomBytes(3)].map((byte) => byte % 256).join(".")}`;

async function ask(method, path, body, headers = {}) {
  const answer = await fetch(`${stage.servers.url}${path}`, {
    method,
    headers: {
      "X-Forwarded-For": network(),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const json = text === "" ? null : JSON.parse(text);
  return { status: answer.status, headers: answer.headers, text, json };
}

/** A user with an account, and their requests. */
async function somebody(name = "ada") {
  const { username, token } = await accountsOf(stage.servers.url).register(
    fresh(name),
  );
  const headers = { Authorization: `Bearer ${token}` };
  const own = async (method, path, body, expected = 200) => {
    const answer = await ask(method, path, body, headers);
    assert.equal(answer.status, expected, `${method} ${path}: ${answer.text}`);
    return answer.json;
  };
  const address = `${username}@mail.example`;
  return {
    username,
    address,
    own,
    email: () => own("GET", "/api/auth/email"),
    set: (to = address, more = {}, expected = 202) =>
      own(
        "POST",
        "/api/auth/email",
        { address: to, password: PASSWORD, ...more },
        expected,
      ),
    verify: (token_, expected = 200) =>
      own("POST", "/api/auth/email/verify", { token: token_ }, expected),
  };
}

/** The same with a confirmed address. */
async function known(name) {
  const person = await somebody(name);
  await person.set();
  await person.verify((await post.mailTo(person.address)).token);
  return person;
}

const forget = (account, headers) =>
  ask("POST", "/api/auth/forgot-password", { account }, headers);
const reset = (token, password = "another long password") =>
  ask("POST", "/api/auth/reset-password", { token, password });
const logIn = (username, password) =>
  ask("POST", "/api/auth/login", { username, password });

/** How many mails are neither sent nor given up. */
async function mailsLeft(where = "") {
  const { stdout } = await stage.servers.sql(
    `SELECT count(*) AS left FROM mails WHERE outcome IS NULL ${where}`,
  );
  return Number(/^\s*(\d+)$/mu.exec(stdout)[1]);
}

/** Waits until every requested mail is sent or given up. */
const allDone = () =>
  eventually("no mail waits", async () => (await mailsLeft()) === 0);

const type = (problem) => problem?.type;

test("API-EMAIL: an address is pending until its link is used by its user, once", async () => {
  const ada = await somebody();
  const none = { address: null, verified_at: null, pending: null };
  assert.deepEqual(await ada.email(), none);
  const wrong = await ada.set(ada.address, { password: "not this one" }, 422);
  assert.equal(wrong.errors[0].pointer, "/password");
  const unproved = { address: ada.address };
  await ada.own("POST", "/api/auth/email", unproved, 422);
  for (const address of [
    "ada",
    "a b@mail.example",
    "a@b\r\nBcc: c@d.example",
  ]) {
    const fault = await ada.set(address, {}, 422);
    assert.equal(fault.errors[0].pointer, "/address");
  }
  assert.equal(
    type(await ada.own("POST", "/api/auth/email/resend", {}, 404)),
    "/problems/not-found",
  );

  const reported = await ada.set();
  assert.equal(reported.address, null);
  assert.equal(reported.pending.address, ada.address);
  const mail = await post.mailTo(ada.address);
  assert.ok(mail.secure && mail.user === "relay", "over STARTTLS, logged in");
  assert.equal(mail.link, `${stage.servers.url}/verify-email#${mail.token}`);
  assert.equal(mail.from, "Taskboard <board@tests.example>");
  assert.equal(mail.automatic, "auto-generated");
  assert.match(mail.language, /^text\/plain; charset=utf-8$/u);
  assert.ok(mail.text.includes(ada.username), mail.text);

  // Another user cannot use it, and a forged link belongs to nobody.
  const eve = await somebody("eve");
  assert.equal(
    type(await eve.verify(mail.token, 404)),
    "/problems/link-invalid",
  );
  assert.equal(
    (await ask("POST", "/api/auth/email/verify", { token: mail.token })).status,
    401,
  );
  const forged = randomBytes(32).toString("base64url");
  assert.equal(type(await ada.verify(forged, 404)), "/problems/link-invalid");
  assert.equal((await ada.email()).address, null);

  const verified = await ada.verify(mail.token);
  assert.equal(verified.address, ada.address);
  assert.equal(verified.pending, null);
  assert.ok(Date.now() - Date.parse(verified.verified_at) < 60_000);
  assert.equal(
    type(await ada.verify(mail.token, 404)),
    "/problems/link-invalid",
  );
  // One's own address, in any spelling, needs no mail.
  const upper = ada.address.toUpperCase();
  assert.equal((await ada.set(upper)).address, upper);
  await allDone();
  assert.equal(post.to(ada.address).length, 1);
});

test("API-EMAIL: a link that was sent again or has expired counts no longer, and the address before stays meanwhile", async () => {
  const ada = await known();
  const next = `next-${ada.address}`;
  assert.equal((await ada.set(next, { language: "de" })).address, ada.address);
  const first = await post.mailTo(next);
  assert.match(first.subject, /^Bestätigen Sie Ihre E-Mail-Adresse/u);
  await ada.own("POST", "/api/auth/email/resend", {}, 202);
  const second = await post.mailTo(next, 1);
  assert.match(second.subject, /^Confirm your e-mail address/u);
  assert.notEqual(first.id, second.id);
  await ada.verify(first.token, 404);
  const past = "expires_at = now() - interval '1 second'";
  const own = `address = '${next}'`;
  await stage.servers.sql(`UPDATE email_links SET ${past} WHERE ${own}`);
  await ada.verify(second.token, 404);
  assert.equal((await ada.email()).address, ada.address);
  await ada.own("POST", "/api/auth/email/resend", {}, 202);
  const third = await post.mailTo(next, 2);
  assert.equal((await ada.verify(third.token)).address, next);
});

test("API-EMAIL: an address belongs to one account, and only the receiver of its mail can learn that", async () => {
  const ada = await known();
  const eve = await somebody("eve");
  const reported = await eve.set(ada.address.toUpperCase());
  assert.equal(reported.pending.address, ada.address.toUpperCase());
  const mail = await post.mailTo(ada.address.toUpperCase());
  assert.equal(
    type(await eve.verify(mail.token, 409)),
    "/problems/email-taken",
  );
  assert.equal((await eve.email()).address, null);
  assert.equal((await ada.email()).address, ada.address);
  // Of many users who confirm one address concurrently, one gets it.
  const shared = `${fresh("shared")}@mail.example`;
  const people = [await somebody(), await somebody(), await somebody()];
  for (const person of people) await person.set(shared);
  await eventually("three mails", () => post.to(shared).length === 3);
  const tokens = await Promise.all(
    people.map(async (person) => {
      const mails = post.to(shared);
      return mails.find(({ text }) => text.includes(person.username)).token;
    }),
  );
  const outcomes = await Promise.all(
    people.map((person, place) =>
      person.verify(tokens[place]).then(
        () => "verified",
        (error) => error.message,
      ),
    ),
  );
  assert.equal(outcomes.filter((outcome) => outcome === "verified").length, 1);
  // Once it is given up, another user's link is valid.
  await ada.own("POST", "/api/auth/email/remove", {}, 422);
  await ada.own("POST", "/api/auth/email/remove", { password: PASSWORD }, 204);
  assert.equal(
    (await eve.verify(mail.token)).address,
    ada.address.toUpperCase(),
  );
});

test("API-EMAIL: the export contains the address, and nothing of it outlives the account", async () => {
  const ada = await known();
  const other = `other-${ada.address}`;
  await ada.set(other);
  await post.mailTo(other);
  const reported = await ada.own("GET", "/api/auth/export");
  assert.equal(reported.email.address, ada.address);
  assert.equal(reported.email.pending.address, other);
  await ada.own(
    "POST",
    "/api/auth/delete-account",
    { password: PASSWORD },
    204,
  );
  for (const [table, column] of [
    ["emails", "address"],
    ["email_links", "address"],
    ["mails", "recipient"],
  ]) {
    const { stdout } = await stage.servers.sql(
      `SELECT count(*) FROM ${table} WHERE ${column} LIKE '%${ada.address}'`,
    );
    assert.match(stdout, /^\s*0$/mu, table);
  }
});

test("API-FORGOT: a mail leads to a new password, once, for a name as for an address", async () => {
  const ada = await known();
  for (const account of [ada.username.toUpperCase(), ` ${ada.address} `]) {
    const before_ = post.to(ada.address).length;
    assert.equal((await forget(account)).status, 202);
    const mail = await post.mailTo(ada.address, before_);
    assert.equal(mail.link, `${stage.servers.url}/reset#${mail.token}`);
    const fresh_ = fresh("a long new password");
    assert.equal((await reset(mail.token, "short")).status, 422);
    assert.equal((await reset(mail.token, fresh_)).json.username, ada.username);
    assert.equal((await logIn(ada.username, fresh_)).status, 200);
    assert.equal(
      type((await reset(mail.token)).json),
      "/problems/link-invalid",
    );
  }
});

test("API-FORGOT: a link that is old, forged, replaced or of an address that is no longer theirs counts no more", async () => {
  const ada = await known();
  const mailed = async () => {
    const before_ = post.to(ada.address).length;
    await forget(ada.username);
    return (await post.mailTo(ada.address, before_)).token;
  };
  const refused = async (token) => {
    const answer = await reset(token);
    assert.equal(answer.status, 404);
    assert.equal(type(answer.json), "/problems/link-invalid");
  };
  await refused(randomBytes(32).toString("base64url"));
  const [first, second] = [await mailed(), await mailed()];
  await refused(first);
  await stage.servers.sql(
    `UPDATE reset_links SET expires_at = now() - interval '1 second' WHERE mailed AND user_id =
     (SELECT id FROM users WHERE username = '${ada.username}')`,
  );
  await refused(second);
  // A link for confirming an address cannot set a password, nor the other way round.
  const third = await mailed();
  await ada.verify(third, 404);
  await ada.set(`new-${ada.address}`);
  const confirming = (await post.mailTo(`new-${ada.address}`)).token;
  await refused(confirming);
  await ada.verify(confirming);
  await refused(third);
  await ada.own("POST", "/api/auth/email/remove", { password: PASSWORD }, 204);
  assert.equal((await forget(ada.username)).status, 202);
  await allDone();
  assert.equal(post.to(`new-${ada.address}`).length, 1, "no address, no mail");
});

test("API-NOTICE: the previous address learns that it was changed or removed, and the account's that its password was set with a link", async () => {
  const ada = await somebody();
  await ada.set(ada.address, { language: "de" });
  await ada.verify((await post.mailTo(ada.address)).token);
  const next = `next-${ada.address}`;
  await ada.set(next);
  await ada.verify((await post.mailTo(next)).token);
  const changed = await post.noticeTo(ada.address);
  assert.match(changed.subject, /^Die E-Mail-.* wurde geändert$/u);
  assert.equal(changed.link, `${stage.servers.url}/profile`);
  assert.ok(changed.text.includes(ada.username), changed.text);
  assert.ok(!changed.text.includes(next), "without the new address");

  await forget(ada.username);
  const mail = await post.mailTo(next, 1);
  assert.equal((await reset(mail.token)).status, 200);
  const reported = await post.noticeTo(next);
  assert.match(reported.subject, /has a new password$/u);
  assert.equal(reported.link, `${stage.servers.url}/login`);
  assert.equal((await reset(mail.token)).status, 404);

  const bea = await known("bea");
  await allDone();
  const toBea = () =>
    post.notices.filter(({ to }) => to.includes(bea.address)).length;
  assert.equal(toBea(), 0, "a first address replaces none");
  await bea.own("POST", "/api/auth/email/remove", { password: PASSWORD }, 204);
  const removed = await post.noticeTo(bea.address);
  assert.match(removed.subject, /^The e-mail address .* was changed$/u);
  await allDone();
  assert.equal(toBea(), 1);
});

test("API-FORGOT: neither words nor timing reveal whether there is such an account", async () => {
  const ada = await known();
  const unverified = await somebody("bea");
  await unverified.set();
  await post.mailTo(unverified.address);
  const disabled = await known("cal");
  await stage.servers.sql(
    `UPDATE users SET disabled = true WHERE username = '${disabled.username}'`,
  );
  const nobody = [
    fresh("nobody"),
    "nobody@mail.example",
    unverified.username,
    unverified.address,
    disabled.username,
    disabled.address,
    "",
    "not a name",
    "x".repeat(254),
  ];
  const shown = async (account) => {
    const { status, text, headers } = await forget(account);
    const rest = [...headers].filter(
      ([name]) => !["date", "server-timing", "x-request-id"].includes(name),
    );
    return { status, text, rest };
  };
  const expected = await shown(ada.username);
  assert.equal(expected.status, 202);
  assert.equal(expected.text, "");
  for (const account of nobody) {
    assert.deepEqual(await shown(account), expected, account);
  }
  await post.mailTo(ada.address, 1);
  await allDone();
  assert.equal(post.to(unverified.address).length, 1);
  assert.equal(post.to(disabled.address).length, 1);

  const times = { [ada.username]: [], [nobody[0]]: [] };
  for (let round = 0; round < 40; round += 1) {
    for (const [account, taken] of Object.entries(times)) {
      const begun = performance.now();
      await forget(account);
      taken.push(performance.now() - begun);
    }
  }
  const [somebodys, nobodys] = Object.values(times).map(
    (taken) => taken.sort((a, b) => a - b)[taken.length / 2],
  );
  const gap = Math.abs(somebodys - nobodys);
  assert.ok(
    gap < 3 + Math.min(somebodys, nobodys) / 4,
    `${somebodys} ms and ${nobodys} ms`,
  );
});

test("API-MAIL: of 64 requests at once from an address 20 are accepted, for any recipients", async () => {
  const from = { "X-Forwarded-For": network() };
  const answers = await Promise.all(
    Array.from({ length: 64 }, () => forget(fresh("nobody"), from)),
  );
  const taken = answers.filter(({ status }) => status === 202);
  const refused = answers.filter(({ status }) => status === 429);
  assert.equal(taken.length, 20);
  assert.equal(refused.length, 44);
  for (const { headers, json } of refused) {
    assert.equal(json.type, "/problems/too-many-attempts");
    assert.equal(headers.get("retry-after"), String(json.retry_after));
  }
  assert.equal(
    (await forget(fresh("nobody"))).status,
    202,
    "from another address",
  );
});

test("API-MAIL: of 64 requests at once for an account 5 are mailed, silently", async () => {
  const ada = await known();
  const answers = await Promise.all(
    Array.from({ length: 64 }, (_, place) =>
      forget(place % 2 === 0 ? ada.username : ada.address),
    ),
  );
  assert.ok(answers.every(({ status }) => status === 202));
  await allDone();
  const mails = post
    .to(ada.address)
    .filter(({ link }) => link.includes("/reset#"));
  assert.equal(mails.length, 5);
  const counts = await Promise.all(mails.map(({ token }) => reset(token)));
  const used = counts.filter(({ status }) => status === 200);
  assert.equal(used.length, 1, "the newest is valid");
  // The same limit applies to mails that a user requests.
  const to = `often-${ada.address}`;
  const bea = await somebody("bea");
  await bea.set(to);
  for (let round = 0; round < 7; round += 1) {
    await post.mailTo(to, Math.min(round, 4));
    await bea.own("POST", "/api/auth/email/resend", {}, 202);
  }
  await allDone();
  assert.equal(post.to(to).length, 5);
});

test("API-MAIL: a server that puts a mail off gets it again, one that refuses it does not", async () => {
  const [later, never] = [await somebody(), await somebody()];
  const asked = { [later.address]: 0, [never.address]: 0 };
  post.answers.recipient = (address) => {
    if (!(address in asked)) return null;
    asked[address] += 1;
    if (address === never.address) return "550 no such mailbox";
    return asked[address] < 4 ? "451 greylisted, come back" : null;
  };
  await Promise.all([later.set(), never.set()]);
  await post.mailTo(later.address);
  await allDone();
  delete post.answers.recipient;
  assert.deepEqual(asked, { [later.address]: 4, [never.address]: 1 });
  assert.equal(post.to(later.address).length, 1);
  assert.equal(post.to(never.address).length, 0);
});

test("API-MAIL: several relays send each mail once", async () => {
  const others = await Promise.all([anotherRelay(), anotherRelay()]);
  try {
    const people = await Promise.all(
      Array.from({ length: 12 }, () => somebody("many")),
    );
    await Promise.all(people.map((person) => person.set()));
    await Promise.all(people.map(({ address }) => post.mailTo(address)));
    await allDone();
    for (const { address } of people) {
      assert.equal(post.to(address).length, 1, address);
    }
  } finally {
    await Promise.all(others.map((relay) => relay.end()));
  }
});

test("API-MAIL: what a relay was sending when it was killed is sent again, as the same mail", async () => {
  const ada = await somebody();
  let go = () => {};
  const held = new Promise((done) => (go = done));
  post.answers.taken = () => held;
  await ada.set();
  const first = await post.mailTo(ada.address);
  await stage.servers.relay.end("SIGKILL");
  delete post.answers.taken;
  go();
  await stage.servers.relay.start();
  const second = await post.mailTo(ada.address, 1);
  assert.equal(second.id, first.id);
  assert.equal(second.token, first.token);
  await allDone();
  await ada.verify(second.token);
  assert.equal(post.to(ada.address).length, 2);
});

test("API-MAIL: without a relay a mail waits, and is sent by the next one", async () => {
  const ada = await somebody();
  await stage.servers.relay.end();
  await ada.set();
  await stage.servers.relay.start();
  await ada.verify((await post.mailTo(ada.address)).token);
});

test("API-INVITATION: the maker of a link may have it mailed", async () => {
  const ada = await somebody();
  const board = await ada.own("POST", "/api/boards", { name: "Prüfung" }, 201);
  const path = `/api/boards/${board.id}/invitations`;
  const email = `${fresh("guest")}@mail.example`;
  const fault = await ada.own(
    "POST",
    path,
    { role: "editor", email: "no" },
    422,
  );
  assert.equal(fault.errors[0].pointer, "/email");
  const wish = { role: "editor", email, language: "de" };
  const made = await ada.own("POST", path, wish, 201);
  const mail = await post.mailTo(email);
  assert.equal(mail.link, `${stage.servers.url}/invite#${made.token}`);
  assert.match(mail.subject, /lädt Sie zum Board „Prüfung“ auf /u);
  const bea = await somebody("bea");
  const token = { token: mail.token };
  const joined = await bea.own("POST", "/api/invitations/accept", token, 201);
  assert.equal(joined.board_id, board.id);
});

test("API-MAIL: TLS from the first byte on, by an authority that is trusted, and not otherwise", async () => {
  const stranger = await authority();
  const identity = await authorities.identity("localhost");
  const secured = await mailServer({ secure: true, identity });
  const address = `smtps://localhost:${secured.port}`;
  await stage.servers.relay.end();
  const distrusting = await anotherRelay({
    RELAY_SMTP_URL: address,
    RELAY_SMTP_CA_FILE: stranger.file,
  });
  try {
    const ada = await somebody();
    await ada.set();
    await eventually("it was tried twice", () => tried(ada.address, 2));
    assert.equal(secured.mails.length, 0);
    await distrusting.end();
    const trusting = await anotherRelay({ RELAY_SMTP_URL: address });
    const mail = await secured.mailTo(ada.address);
    assert.ok(mail.secure);
    await trusting.end();
    const log = await readFile(distrusting.options.log, "utf8");
    assert.match(log, /invalid peer certificate/u);
  } finally {
    await distrusting.end();
    await stage.servers.relay.start();
    await secured.stop();
    stranger.remove();
  }
});

test("API-MAIL: a mail server that wants another password gets none, and the mail waits for a better one", async () => {
  await stage.servers.relay.end();
  const wrong = await anotherRelay({
    RELAY_SMTP_URL: `smtp://relay:wrong@localhost:${post.port}`,
  });
  const ada = await somebody();
  try {
    await ada.set();
    await eventually("it was tried twice", () => tried(ada.address, 2));
  } finally {
    await wrong.end();
    await stage.servers.relay.start();
  }
  await post.mailTo(ada.address);
});

test("API-MAIL: neither links nor the server's password are in a log, nor links in the database", async () => {
  const ada = await known();
  await forget(ada.username);
  await post.mailTo(ada.address, 1);
  await allDone();
  const tokens = post.mails.map(({ token }) => token);
  assert.ok(tokens.length > 20);
  const secrets = [...tokens, SECRET, encodeURIComponent(SECRET)];
  for (const name of await readdir(stage.servers.logs)) {
    const log = await readFile(join(stage.servers.logs, name), "utf8");
    for (const secret of secrets) assert.ok(!log.includes(secret), name);
  }
  const { stdout } = await stage.servers.sql(
    "SELECT count(*) FROM mails WHERE outcome IS NOT NULL AND sealed_secret IS NOT NULL",
  );
  assert.match(stdout, /^\s*0$/mu);
});

/** Whether sending a mail to this address was tried this often. */
async function tried(address, times) {
  const { stdout } = await stage.servers.sql(
    `SELECT count(*) FROM mails WHERE recipient = '${address}' AND attempts >= ${times}`,
  );
  return /^\s*1$/mu.test(stdout);
}

/** Another relay for the same servers. */
async function anotherRelay(environment = {}) {
  const { options } = stage.servers.relay;
  const port = await freePort();
  const relay = new Program({
    ...options,
    args: ["--listen", `127.0.0.1:${port}`, ...options.args.slice(2)],
    env: { ...options.env, ...environment },
    log: join(stage.servers.logs, `relay-${port}.log`),
  });
  await relay.start();
  return relay;
}
