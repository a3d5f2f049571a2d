/**
 * A test's own OpenID Connect providers: a real one (npm's oidc-provider), and a forger, whose
 * tokens contain whatever a test wants.
 */

import { once } from "node:events";
import { createServer } from "node:http";
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { Provider } from "oidc-provider";

/** The board's client at both. */
export const CLIENT = {
  client_id: "board",
  client_secret: "tests-only-secret",
};

async function listen() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (
    server.address()
  );
  return {
    server,
    issuer: `http://127.0.0.1:${port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/**
 * Listens, and serves once it knows the board's address: each needs the other's address first.
 *
 * @returns {Promise<{issuer: string, people: Map<string, object>, serve: (board: string) => void, stop: () => void}>}
 *   `people`: the claims of special users, by login name
 */
export async function realProvider() {
  const { server, issuer, stop } = await listen();
  const people = new Map();
  const serve = (board) => {
    const root = `${board}/api/auth/oidc/house`;
    const provider = new Provider(issuer, {
      clients: [
        {
          ...CLIENT,
          redirect_uris: [`${root}/callback`],
          backchannel_logout_uri: `${root}/backchannel-logout`,
          backchannel_logout_session_required: true,
        },
      ],
      claims: {
        openid: ["sub", "sid", "auth_time"],
        profile: ["name", "preferred_username", "groups"],
        email: ["email"],
      },
      conformIdTokenClaims: false,
      cookies: { keys: ["tests only"] },
      features: { backchannelLogout: { enabled: true } },
      pkce: { required: () => true },
      // The provider's own fetch does not connect to servers on this machine.
      fetch: (url, { dispatcher: _guard, ...options }) => fetch(url, options),
      findAccount: (_context, id) => ({
        accountId: id,
        claims: () => ({ sub: id, preferred_username: id, ...people.get(id) }),
      }),
      // Consent has already been given.
      loadExistingGrant: async (context) => {
        const grant = new context.oidc.provider.Grant({
          clientId: context.oidc.client.clientId,
          accountId: context.oidc.session.accountId,
        });
        grant.addOIDCScope("openid profile email");
        await grant.save();
        return grant;
      },
    });
    server.on("request", provider.callback());
  };
  return { issuer, people, serve, stop };
}

/**
 * A provider that exchanges each code for the token that a test has prepared.
 *
 * @returns {Promise<{issuer: string, tokens: Map<string, string>, sign: Function, unsigned: Function, keysRead: () => number, stop: () => void}>}
 */
export async function forger() {
  const { server, issuer, stop } = await listen();
  const tokens = new Map();
  /** @type {Map<string, {alg: string, privateKey: CryptoKey, jwk: object}>} */
  const keys = new Map();
  const addKey = async (kid, alg, shown = true) => {
    const pair = await generateKeyPair(alg, { extractable: true });
    const jwk = { ...(await exportJWK(pair.publicKey)), kid, alg, use: "sig" };
    keys.set(kid, { alg, privateKey: pair.privateKey, jwk, shown });
  };
  for (const alg of ["RS256", "ES256", "EdDSA", "PS256"]) {
    await addKey(alg, alg);
  }
  await addKey("stranger", "RS256", false);
  let keysRead = 0;
  const answers = {
    "/.well-known/openid-configuration": () => ({
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
    }),
    "/jwks": () => {
      keysRead += 1;
      const shown = [...keys.values()].filter((key) => key.shown);
      return { keys: [{ kty: "unheard-of" }, ...shown.map(({ jwk }) => jwk)] };
    },
  };
  server.on("request", async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    const say = (status, answer, headers = {}) => {
      response.writeHead(status, {
        "Content-Type": "application/json",
        ...headers,
      });
      response.end(JSON.stringify(answer));
    };
    const answer = answers[request.url];
    if (answer) return say(200, answer());
    const token = tokens.get(new URLSearchParams(body).get("code"));
    if (token === "elsewhere") return say(307, {}, { Location: "/other" });
    if (token === "large") return say(200, { id_token: "x".repeat(300_000) });
    return token
      ? say(200, { id_token: token, access_token: "a", token_type: "Bearer" })
      : say(400, { error: "invalid_grant" });
  });
  const sign = (claims, { kid = "RS256", header = {}, key } = {}) => {
    const known = keys.get(kid);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: known?.alg, kid, ...header })
      .sign(key ?? known.privateKey);
  };
  return {
    issuer,
    tokens,
    sign,
    unsigned: (claims) => new UnsecuredJWT(claims).encode(),
    keysRead: () => keysRead,
    stop,
  };
}

/** What a browser does automatically: stores cookies by origin, and follows redirections. */
export class Jar {
  /** @type {Map<string, Map<string, string>>} */
  #cookies = new Map();

  /** @param {string} url @param {RequestInit} [options] */
  async fetch(url, options = {}) {
    const cookies = this.cookies(url);
    const answer = await fetch(url, {
      redirect: "manual",
      ...options,
      headers: {
        Cookie: [...cookies].map((pair) => pair.join("=")).join("; "),
        ...options.headers,
      },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(";")[0].split("=");
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  }

  /** @param {string} url @returns {Map<string, string>} of its origin */
  cookies(url) {
    const { origin } = new URL(url);
    const cookies = this.#cookies.get(origin) ?? new Map();
    this.#cookies.set(origin, cookies);
    return cookies;
  }

  /** Follows redirections until one would lead below `end`, or there are no more. */
  async follow(url, end, options = {}) {
    let answer = await this.fetch(url, options);
    let at = url;
    while (answer.status >= 300 && answer.status < 400) {
      at = new URL(answer.headers.get("location"), at).href;
      if (at.startsWith(end)) return { at, answer };
      answer = await this.fetch(at);
    }
    return { at, answer };
  }
}
