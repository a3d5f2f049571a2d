// socket.io with its Redis Streams adapter, as the adapter's documentation sets it up.

import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-streams-adapter";
import Redis from "ioredis";
import { Server } from "socket.io";
import { follow } from "./events.mjs";

const http = createServer();
const io = new Server(http, { adapter: createAdapter(new Redis(process.env.REDIS_URL)) });

io.on("connection", (socket) => socket.join("board"));
http.listen(Number(process.env.PORT), "127.0.0.1");

await follow((event) => io.to("board").emit("event", JSON.parse(event)));
