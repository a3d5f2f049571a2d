/** A test's own real mail server (npm's smtp-server), and the reading of its mails. */

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { SMTPServer } from "smtp-server";
import { eventually } from "./eventually.mjs";

const run = promisify(execFile);

/**
 * @typedef {object} Mail
 * @property {string[]} to
 * @property {string} id its Message-ID
 * @property {string} subject
 * @property {string} text
 * @property {string} link the only one in it
 * @property {string} token after the link's `#`
 * @property {boolean} secure whether it came over TLS
 * @property {string | undefined} user the sending login
 */

/**
 * @typedef {object} Answers
 * @property {(address: string) => string | null} [recipient] an answer that refuses one, such as `451 later`
 * @property {() => Promise<void>} [taken] delays the acknowledgement of an accepted mail
 */

/**
 * @param {{secure?: boolean, identity?: {key: string, cert: string}, password?: string, answers?: Answers}} [options]
 *   `secure`: TLS from the first byte on; `identity`: for that, or for STARTTLS; `password`: of the user `relay`, the
 *   only one who may send
 */
export async function mailServer(options = {}) {
  const { secure = false, identity, password, answers = {} } = options;
  /** @type {Mail[]} those whose link has a token */
  const mails = [];
  /** @type {Mail[]} those that report a change, whose link has none */
  const notices = [];
  const server = new SMTPServer({
    secure,
    ...identity,
    authOptional: password === undefined,
    disabledCommands: identity ? [] : ["STARTTLS"],
    allowInsecureAuth: false,
    onAuth: (given, _session, done) =>
      given.username === "relay" && given.password === password
        ? done(null, { user: given.username })
        : done(new Error("535 wrong password")),
    onRcptTo: ({ address }, _session, done) => {
      const refusal = answers.recipient?.(address) ?? null;
      done(refusal === null ? null : refused(refusal));
    },
    onData: async (stream, session, done) => {
      let raw = "";
      for await (const piece of stream.setEncoding("latin1")) raw += piece;
      const to = session.envelope.rcptTo.map(({ address }) => address);
      const mail = {
        ...read(raw),
        to,
        secure: session.secure,
        user: session.user,
      };
      (mail.token === undefined ? notices : mails).push(mail);
      await answers.taken?.();
      done();
    },
  });
  // A client that disconnects does not fail the test.
  server.on("error", () => {});
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (
    server.server.address()
  );
  const to = (address) => mails.filter((mail) => mail.to.includes(address));
  return {
    port,
    mails,
    answers,
    notices,
    to,
    /** The first mail to this address that reports a change. */
    noticeTo: (address) =>
      eventually(`a notice to ${address}`, () =>
        notices.find((mail) => mail.to.includes(address)),
      ),
    /** The mail to this address that comes after this many. */
    mailTo: (address, after = 0) =>
      eventually(`a mail to ${address}`, () => to(address)[after]),
    stop: () => new Promise((done) => server.close(done)),
  };
}

function refused(answer) {
  const error = new Error(answer.slice(4));
  return Object.assign(error, { responseCode: Number(answer.slice(0, 3)) });
}

/** @param {string} raw as bytes in latin1 */
function read(raw) {
  const end = raw.indexOf("\r\n\r\n");
  const head = raw.slice(0, end).replaceAll(/\r\n[ \t]/gu, " ");
  const header = (name) =>
    new RegExp(`^${name}: (.*)$`, "imu").exec(head)?.[1].trim() ?? "";
  const text = decoded(raw.slice(end + 4), header("Content-Transfer-Encoding"));
  const links = [...text.matchAll(/https?:\S+/gu)].map(([link]) => link);
  if (links.length !== 1) throw new Error(`not one link: ${text}`);
  return {
    id: header("Message-ID"),
    subject: words(header("Subject")),
    language: header("Content-Type"),
    automatic: header("Auto-Submitted"),
    from: header("From"),
    text,
    link: links[0],
    token: links[0].split("#")[1],
  };
}

function decoded(body, coding) {
  const utf8 = (bytes) => Buffer.from(bytes, "latin1").toString("utf8");
  if (coding === "base64") return Buffer.from(body, "base64").toString("utf8");
  if (coding !== "quoted-printable") return utf8(body);
  const whole = body.replaceAll("=\r\n", "");
  const byte = (_, digits) => String.fromCharCode(Number.parseInt(digits, 16));
  return utf8(whole.replaceAll(/=([0-9A-F]{2})/gu, byte));
}

/** Encoded words of a header (RFC 2047). */
function words(text) {
  return text
    .replaceAll(/\?=\s+=\?/gu, "?==?")
    .replaceAll(/=\?utf-8\?b\?([^?]*)\?=/giu, (_, word) =>
      Buffer.from(word, "base64").toString("utf8"),
    );
}

/** A test's own certificate authority, and a certificate from it. */
export async function authority() {
  const folder = mkdtempSync(join(tmpdir(), "taskboard-mail-"));
  const file = (name) => join(folder, name);
  const openssl = (...words) => run("openssl", words, { cwd: folder });
  const fresh = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
  await openssl(
    ...["req", "-x509", ...fresh, "-nodes", "-days", "2"],
    ...["-subj", "/CN=Tests", "-keyout", "ca.key", "-out", "ca.pem"],
  );
  const identity = async (host) => {
    writeFileSync(file("names"), `subjectAltName=DNS:${host}\n`);
    await openssl(
      ...["req", ...fresh, "-nodes", "-subj", `/CN=${host}`],
      ...["-keyout", "key.pem", "-out", "request.pem"],
    );
    await openssl(
      ...["x509", "-req", "-in", "request.pem", "-CA", "ca.pem"],
      ...["-CAkey", "ca.key", "-CAcreateserial", "-days", "2"],
      ...["-extfile", "names", "-out", "cert.pem"],
    );
    const text = (name) => readFileSync(file(name), "utf8");
    return { key: text("key.pem"), cert: text("cert.pem") };
  };
  const remove = () => rmSync(folder, { recursive: true, force: true });
  return { file: file("ca.pem"), identity, remove };
}

/**
 * The environment variables with which the servers send mails there.
 *
 * @param {string} address of the mail server
 * @returns {Record<string, string>}
 */
export function mailVariables(address) {
  return {
    SPIN_VARIABLE_MAIL_ENABLED: "true",
    SPIN_VARIABLE_CLIENT_ADDRESS_HEADER: "x-forwarded-for",
    SPIN_VARIABLE_LOGIN_FAILURES_PER_ADDRESS: "1000",
    SPIN_VARIABLE_REGISTRATIONS_PER_ADDRESS: "1000",
    RELAY_SMTP_URL: address,
    RELAY_MAIL_FROM: "Taskboard <board@tests.example>",
    RELAY_MAIL_POLL_MS: "300",
    RELAY_MAIL_LEASE_MS: "4000",
    RELAY_MAIL_RETRY_MS: "100",
  };
}
