// ws, as its README broadcasts: to every client that is open.

import { WebSocket, WebSocketServer } from "ws";
import { follow } from "./events.mjs";

const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.env.PORT) });

await follow((event) => {
  for (const client of server.clients) {
    if (client.readyState === WebSocket.OPEN) client.send(event);
  }
});
