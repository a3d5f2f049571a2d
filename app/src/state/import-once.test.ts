/** Guards that a file whose import was not answered makes no second board, whatever came in between. */

import { MemoryStore } from "../utilities/storage";

const MINUTE = 60_000;

/** A page, as it is after a load: it remembers nothing but what the device keeps. */
function page(store: MemoryStore) {
  let own!: typeof import("./import-once") & typeof import("../utilities/request");
  jest.isolateModules(() => {
    own = {
      ...jest.requireActual<typeof import("./import-once")>("./import-once"),
      ...jest.requireActual<typeof import("../utilities/request")>("../utilities/request"),
    };
  });
  const { importOnce, NetworkError, RequestError } = own;
  const faults = { lost: new NetworkError(false), refused: new RequestError(422, {}) };
  /** @returns the key that was sent with it */
  return async (document: unknown, fault?: keyof typeof faults): Promise<string> => {
    let sent = "";
    const send = (key: string) => {
      sent = key;
      return fault === undefined ? Promise.resolve() : Promise.reject(faults[fault]);
    };
    await importOnce(document, send, store).catch(() => undefined);
    return sent;
  };
}

const file = { name: "A", tasks: [] };

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it("API-IDEMPOTENCY: a file that is chosen again after a reload is sent with its first key, until it is answered", async () => {
  const store = new MemoryStore();
  const first = await page(store)(file, "lost");
  const reloaded = page(store);
  expect(await reloaded({ ...file, name: "B" }, "lost")).not.toBe(first);
  expect(await reloaded(file)).toBe(first);
  expect(await page(store)(file)).not.toBe(first);
});

it("what is chosen again much later, or was refused, is another board", async () => {
  const store = new MemoryStore();
  const first = await page(store)(file, "lost");
  jest.advanceTimersByTime(20 * MINUTE);
  const second = await page(store)(file, "refused");
  expect(second).not.toBe(first);
  expect(await store.keys("import/")).toEqual([]);
});

it("a device without room knows it again as long as the page lives", async () => {
  const store = new MemoryStore();
  store.set = () => Promise.reject(new Error("no room"));
  const here = page(store);
  expect(await here(file, "lost")).toBe(await here(file));
});
