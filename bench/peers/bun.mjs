// Bun's own WebSocket server, whose topics publish natively, and its own Redis client.

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: Number(process.env.PORT),
  fetch: (request, server) => (server.upgrade(request) ? undefined : new Response("ws only")),
  websocket: { open: (socket) => socket.subscribe("board"), message: () => {} },
});

const redis = new Bun.RedisClient(process.env.REDIS_URL);
let last = "$";
for (;;) {
  const words = ["COUNT", "100", "BLOCK", "0", "STREAMS", process.env.STREAM, last];
  const answer = await redis.send("XREAD", words);
  // A map in RESP3, pairs in RESP2.
  const entries = Array.isArray(answer) ? answer[0]?.[1] : answer?.[process.env.STREAM];
  for (const [id, fields] of entries ?? []) {
    last = id;
    server.publish("board", fields[1]);
  }
}
