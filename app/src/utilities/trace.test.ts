import { RECEIVED, SENT, newTraceparent, noteReceipt } from "./trace";

const mark = jest.fn();
const clearMarks = jest.fn();
let kept = 0;
const performance = globalThis.performance;

beforeEach(() => {
  kept = 0;
  jest.clearAllMocks();
  const getEntriesByName = () => Array.from({ length: kept });
  Object.defineProperty(globalThis, "performance", {
    configurable: true,
    value: { mark, clearMarks, getEntriesByName },
  });
});

afterAll(() => {
  Object.defineProperty(globalThis, "performance", { configurable: true, value: performance });
});

test("API-TRACE: each change has its own well-formed trace, sampled at the configured rate", () => {
  const some = Array.from({ length: 200 }, () => newTraceparent(0));
  expect(new Set(some).size).toBe(200);
  for (const traceparent of some) {
    expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  }
  expect(mark).not.toHaveBeenCalled();
  const followed = newTraceparent(1);
  expect(followed).toMatch(/-01$/);
  expect(mark).toHaveBeenCalledWith(SENT, { detail: { traceparent: followed } });
});

test("RT-TRACE: the receipt of a followed event is noted, and of no other", () => {
  noteReceipt({ board_id: 7, seq: 42 });
  expect(mark).not.toHaveBeenCalled();
  const traceparent = newTraceparent(0).replace(/00$/, "01");
  noteReceipt({ board_id: 7, seq: 43, traceparent });
  expect(mark).toHaveBeenCalledWith(RECEIVED, { detail: { traceparent, board: 7, seq: 43 } });
});

test("RT-TRACE: a page that is open for days keeps the newest marks only", () => {
  kept = 999;
  noteReceipt({ seq: 1, traceparent: newTraceparent(0) });
  expect(clearMarks).not.toHaveBeenCalled();
  kept = 1_000;
  noteReceipt({ seq: 2, traceparent: newTraceparent(0) });
  expect(clearMarks).toHaveBeenCalledWith(RECEIVED);
});

test("RT-TRACE: an engine without a timeline applies events anyway", () => {
  Object.defineProperty(globalThis, "performance", { configurable: true, value: undefined });
  expect(() => noteReceipt({ seq: 1, traceparent: newTraceparent(1) })).not.toThrow();
});
