/// <reference types="node" />
/** `fetch` over Node's own HTTP, for tests that talk to a real server: jest-expo replaces the global. */

import { request } from "node:http";
import type { HttpResponse } from "../utilities/http";

export function nodeFetch(address: string, init: RequestInit): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const sent = request(
      address,
      { method: init.method, headers: { ...Object(init.headers) } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () => {
          const status = answer.statusCode ?? 0;
          const header = (name: string) => answer.headers[name.toLowerCase()];
          resolve({
            ok: status >= 200 && status < 300,
            status,
            headers: { get: (name) => header(name)?.toString() ?? null },
            text: () => Promise.resolve(Buffer.concat(chunks).toString("utf8")),
          });
        });
      },
    );
    sent.on("error", reject);
    init.signal?.addEventListener("abort", () => sent.destroy(new Error("aborted")));
    sent.end(typeof init.body === "string" ? init.body : undefined);
  });
}
