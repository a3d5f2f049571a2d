/** A server in front of the host, like a reverse proxy: it can be unavailable, require a login, or have another build. */

import { createServer, request as ask } from "node:http";
import { once } from "node:events";
import { freePort } from "./program.mjs";

/**
 * @typedef {{status: number, headers?: Record<string, string>, body?: string}} Answer
 * @typedef {(path: string, upstream: (path: string) => Promise<string>) => Promise<Answer | null> | Answer | null} Rule
 */

/**
 * @param {string} target the host's address
 */
export async function startGateway(target) {
  const port = await freePort();
  const upstream = async (path) => (await fetch(`${target}${path}`)).text();
  let server = null;
  const gateway = {
    url: `http://127.0.0.1:${port}`,
    /** Answers instead of the host; null passes the request on. @type {Rule} */
    rule: () => null,
    async start() {
      server = createServer((request, response) => {
        Promise.resolve(gateway.rule(request.url, upstream)).then(
          (answer) =>
            answer === null
              ? pass(target, request, response)
              : response
                  .writeHead(answer.status, answer.headers)
                  .end(answer.body),
          (error) => response.destroy(error),
        );
      }).listen(port, "127.0.0.1");
      await once(server, "listening");
    },
    async stop() {
      if (server === null) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      server = null;
      await closed;
    },
  };
  await gateway.start();
  return gateway;
}

function pass(target, request, response) {
  const { host } = new URL(target);
  const onward = ask(
    `${target}${request.url}`,
    { method: request.method, headers: { ...request.headers, host } },
    (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on("error", () => response.destroy());
  request.pipe(onward);
}
