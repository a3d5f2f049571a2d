/** The client rule, also against a relay that is worse than any real one. */

import * as fc from "fast-check";
import { EPOCH, aTask, aTaskEvent } from "../../testing/boards";
import {
  type Deed,
  type Follow,
  type Step,
  begin,
  behind,
  closed,
  opened,
  received,
  snapshot,
} from "./follow";
import type { Frame } from "./frames";

const cursor = (seq: number, epoch = EPOCH) => ({ id: 7, epoch, seq });
const eventFrame = (seq: number): Frame => ({
  type: "event",
  board: 7,
  event: aTaskEvent(seq, "Update", aTask({ id: 1, version: seq })),
});
const subscribed = (seq: number, epoch: string | null = EPOCH): Frame => ({
  type: "subscribed",
  board: 7,
  seq,
  epoch,
});

/** The state after steps that are not looked at. */
function following(last: number): Follow {
  return received(opened(begin(cursor(last)))[0], subscribed(last))[0];
}

const kinds = (deeds: readonly Deed[]) => deeds.map((deed) => deed.do);

test("RT-CLIENT: `seq <= last` is dropped, `seq == last + 1` is applied", () => {
  const [same, none] = received(following(5), eventFrame(5));
  expect([same.last, none]).toEqual([5, []]);
  const [next, deeds] = received(same, eventFrame(6));
  expect([next.last, kinds(deeds)]).toEqual([6, ["apply"]]);
});

test("RT-CLIENT: after a hole it asks once for what came after its cursor, and shows how far behind it is", () => {
  const [state, deeds] = received(following(5), eventFrame(8));
  expect(deeds).toEqual([
    { do: "send", message: { type: "subscribe", board: 7, after: 5, epoch: EPOCH } },
  ]);
  expect(behind(state)).toBe(3);
  expect(received(state, eventFrame(9))[1]).toEqual([]);
  expect(behind(received(state, eventFrame(9))[0])).toBe(4);
});

test("a relay that did not take the subscription (`rate-limited`) is asked again at its next heartbeat", () => {
  const [asked] = opened(begin(cursor(5)));
  const refused = { type: "error", code: "rate-limited", board: 7 } as const;
  const [waiting, none] = received(asked, refused);
  expect(none).toEqual([]);
  const [again, deeds] = received(waiting, { type: "heartbeat", heads: {} });
  expect([again.phase, kinds(deeds)]).toEqual(["subscribing", ["send"]]);
  expect(received(following(5), { type: "heartbeat", heads: {} })[1]).toEqual([]);
});

test("RT8: a heartbeat that knows more than was applied makes it ask again", () => {
  const beat: Frame = { type: "heartbeat", heads: { "7": 9, "8": 100 } };
  const [state, deeds] = received(following(5), beat);
  expect([behind(state), kinds(deeds)]).toEqual([4, ["send"]]);
  expect(received(following(9), beat)[1]).toEqual([]);
});

test("RT-CURSOR: another epoch or a `reset` makes the board be fetched again, and nothing is applied until then", () => {
  for (const frame of [
    subscribed(5, "another"),
    { type: "reset", board: 7, reason: "too-far" } as const,
  ]) {
    const [state, deeds] = received(opened(begin(cursor(5)))[0], frame);
    expect(kinds(deeds)).toEqual(["fetch"]);
    expect(received(state, eventFrame(6))[1]).toEqual([]);
    const [fresh, then] = snapshot(state, cursor(40, "another"), true);
    expect(then).toEqual([
      { do: "send", message: { type: "subscribe", board: 7, after: 40, epoch: "another" } },
    ]);
    expect(fresh.last).toBe(40);
  }
});

test("frames of other boards change nothing", () => {
  const state = following(5);
  const others: Frame[] = [
    { type: "reset", board: 8, reason: "epoch" },
    { type: "unsubscribed", board: 8, reason: "deleted" },
    { ...eventFrame(6), board: 8 } as Frame,
    { type: "error", code: "not-found", board: 8 },
  ];
  others.forEach((frame) => expect(received(state, frame)).toEqual([state, []]));
});

test.each(["deleted", "removed"] as const)("`unsubscribed` %s ends it for good", (reason) => {
  const [state, deeds] = received(following(5), { type: "unsubscribed", board: 7, reason });
  expect(deeds).toEqual([{ do: "gone", reason }]);
  expect(received(state, eventFrame(6))).toEqual([state, []]);
  expect(opened(state)).toEqual([state, []]);
  expect(snapshot(state, cursor(9), true)).toEqual([state, []]);
});

/** Deeds of a relay that drops, repeats, reorders, hangs up and resets, by a list of numbers. */
class UnreliableRelay {
  head = 0;
  oldest = 1;
  private wire: Frame[] = [];
  private cursor: number | null = null;

  commit(): void {
    this.head += 1;
    if (this.cursor === this.head - 1) {
      this.wire.push(eventFrame(this.head));
      this.cursor = this.head;
    }
  }

  subscribe(after: number): void {
    if (after + 1 < this.oldest) {
      this.wire.push({ type: "reset", board: 7, reason: "too-far" });
      this.cursor = null;
      return;
    }
    this.wire.push(subscribed(this.head));
    for (let seq = after + 1; seq <= this.head; seq += 1) {
      this.wire.push(eventFrame(seq));
    }
    this.cursor = this.head;
  }

  hangUp(): void {
    this.wire = [];
    this.cursor = null;
  }

  /** The next frame, treated badly. `null`: the wire is empty, or the frame was lost. */
  deliver(mischief: number): Frame | null {
    const index = mischief % 5 === 1 ? Math.min(1, this.wire.length - 1) : 0;
    const frame = this.wire[index];
    if (frame === undefined) {
      return null;
    }
    if (mischief % 5 !== 2) {
      this.wire.splice(index, 1);
    }
    return mischief % 5 === 3 ? null : frame;
  }

  get empty(): boolean {
    return this.wire.length === 0;
  }
}

test("RT2, RT3, RT5: whatever a relay drops, repeats, reorders or resets, each event is applied once, in order", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(99), { maxLength: 200 }), (choices) => {
      const relay = new UnreliableRelay();
      let state = begin(cursor(0));
      let open = false;
      let applied = 0;
      const take = ([next, deeds]: Step) => {
        state = next;
        for (const deed of deeds) {
          if (deed.do === "apply") {
            expect(deed.event.seq).toBe(applied + 1);
            applied = deed.event.seq;
          } else if (deed.do === "send") {
            relay.subscribe(Number(deed.message["after"]));
          } else if (deed.do === "fetch") {
            applied = relay.head;
            take(snapshot(state, cursor(relay.head), open));
          }
        }
      };
      const hear = (frame: Frame | null) => frame !== null && open && take(received(state, frame));
      for (const choice of choices) {
        if (choice < 35) {
          relay.commit();
        } else if (choice < 80) {
          hear(relay.deliver(choice));
        } else if (choice < 88) {
          open = true;
          relay.hangUp();
          take(opened(state));
        } else if (choice < 94) {
          open = false;
          relay.hangUp();
          take(closed(state));
        } else if (choice < 97) {
          relay.oldest = Math.max(1, relay.head - 2);
        } else {
          hear({ type: "heartbeat", heads: { "7": relay.head } });
        }
      }
      // The network calms down: one reconnection, an honest relay, a heartbeat.
      open = true;
      relay.hangUp();
      take(opened(state));
      while (!relay.empty) {
        hear(relay.deliver(0));
      }
      expect([state.last, applied, behind(state)]).toEqual([relay.head, relay.head, 0]);
      expect(state.phase).toBe("following");
    }),
    { numRuns: 500 },
  );
});
