// The events of the stream named by STREAM as they arrive: the input of every peer on Node.js.

import Redis from "ioredis";

/** Calls back for each event (a JSON text), forever. */
export async function follow(onEvent) {
  const redis = new Redis(process.env.REDIS_URL);
  let last = "$";
  for (;;) {
    const answer = await redis.xread("COUNT", 100, "BLOCK", 0, "STREAMS", process.env.STREAM, last);
    for (const [id, fields] of answer?.[0][1] ?? []) {
      last = id;
      onEvent(fields[1]);
    }
  }
}
