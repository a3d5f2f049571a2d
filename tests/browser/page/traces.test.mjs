/** A change is traced from its user's request to another user's screen (`trace_ratio`). */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { useStage } from "../harness/stage.mjs";

/** Others' changes must be visible within this time, in milliseconds. */
const AT_ONCE = 1_000;

const stage = useStage({
  full: true,
  accounts: ["ada", "bob"],
  variables: { SPIN_VARIABLE_TRACE_RATIO: "1" },
});
const { ada, bob } = stage.people;

/** The marks of this name in a window: their details, and their times, in milliseconds since 1970. */
const marks = ({ page }, name) =>
  page.evaluate(
    (of) =>
      performance.getEntriesByName(of).map(({ detail, startTime }) => ({
        ...detail,
        at: performance.timeOrigin + startTime,
      })),
    name,
  );

test("a change has one trace from its request to the receipt in another client, where the time between is read", async () => {
  const { id } = await ada.api.addBoard("Followed");
  await ada.api.addMember(id, "bob", "editor");
  const [hers, his] = [
    await openApp(stage, { account: ada }),
    await openApp(stage, { account: bob }),
  ];
  for (const app of [hers, his]) {
    await app.go(`/boards/${id}`);
    await app.board.isLive();
  }
  await hers.board.add("To do", "Seen by Bob");
  await his.board.card("Seen by Bob").waitFor();
  const { seq } = await ada.api.board(id);
  const received = await eventually("his window noted it", async () =>
    (await marks(his, "taskboard.received")).find((mark) => mark.seq === seq),
  );
  const sent = (await marks(hers, "taskboard.sent")).at(-1);
  assert.match(received.traceparent, /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/u);
  assert.deepEqual([received.board, received.seq], [id, seq]);
  const trace = (mark) => mark.traceparent.split("-")[1];
  assert.equal(trace(received), trace(sent));
  const took = received.at - sent.at;
  assert.ok(took > 0 && took < AT_ONCE, `it took ${took} ms`);
  await hers.close();
  await his.close();
});
