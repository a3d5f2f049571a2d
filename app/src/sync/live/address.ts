/** Where the relay's socket is. */

import type { Mode } from "../types";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]", "10.0.2.2"]);

/**
 * @param configured what `/config.json` says: an http, https, ws or wss address; `:3001` for that port of
 *   the server's own host, by whatever name it was called; "" for the server's own address
 * @param server the address of the server or page, like `https://boards.example`
 */
export function socketAddress(configured: string, server: string, mode: Mode): string {
  const home = new URL(server);
  const base = new URL(absolute(configured, home));
  // A development server calls its relay "localhost", which on a phone would be the phone.
  const misled = LOOPBACK.has(base.hostname) && !LOOPBACK.has(home.hostname);
  const hostname = misled ? home.hostname : base.hostname;
  const host = base.port === "" ? hostname : `${hostname}:${base.port}`;
  const scheme = base.protocol === "https:" || base.protocol === "wss:" ? "wss:" : "ws:";
  const path = base.pathname.replace(/\/+$/u, "");
  return `${scheme}//${host}${path}/ws${mode === "quick-win" ? "/quick-win" : ""}`;
}

function absolute(configured: string, home: URL): string {
  const own = `${home.protocol}//${home.hostname}`;
  return configured === "" ? home.href : configured.startsWith(":") ? own + configured : configured;
}
