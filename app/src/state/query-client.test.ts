/** What the device keeps of lists, over reloads without a network. */

import { QueryObserver } from "@tanstack/react-query";
import { deviceStorage } from "../utilities/storage";
import { keys } from "./queries";
import { keepQueries, queryClient } from "./query-client";
import { useSession } from "./session";

const KEPT = [keys.boards("teams", 1, "current"), keys.members(7)] as const;

let reads = true;
const read = () => (reads ? Promise.resolve(["Kitchen"]) : Promise.reject(new Error("no network")));
const ask = (queryKey: readonly unknown[]) =>
  queryClient.fetchQuery({ queryKey, queryFn: read, staleTime: 0 }).catch(() => undefined);
const pass = () => jest.advanceTimersByTimeAsync(2_000);

/** As if the page were loaded again: what is in memory is gone, what the device has is not. */
async function reload(): Promise<void> {
  const kept = await deviceStorage.get("queries");
  queryClient.clear();
  await pass();
  await deviceStorage.set("queries", kept ?? "");
  await keepQueries();
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test.each(KEPT)(
  "a list that was read once (%s) is there at each reload without network, until it is read again",
  async (...key) => {
    reads = true;
    await keepQueries();
    await ask(key);
    await pass();
    reads = false;
    for (let visit = 0; visit < 3; visit += 1) {
      await reload();
      expect(queryClient.getQueryState(key)).toMatchObject({
        data: ["Kitchen"],
        status: "success",
        error: null,
        isInvalidated: true,
      });
      await ask(key);
      expect(queryClient.getQueryState(key)?.status).toBe("error");
      await pass();
    }
  },
);

test("a list that an earlier version kept, of another shape, is asked for again", async () => {
  await keepQueries();
  reads = true;
  await ask(["boards", "teams", 2, "current"]);
  await pass();
  await reload();
  expect(queryClient.getQueryData(["boards", "teams", 2, "current"])).toBeDefined();
  expect(queryClient.getQueryData(keys.boards("teams", 2, "current"))).toBeUndefined();
});

test("what failed for want of a login is asked again at once when the same user is back", async () => {
  const user = {
    id: 1,
    username: "ada",
    display_name: "Ada",
    role: "user" as const,
    created_at: "",
  };
  await keepQueries();
  useSession.setState({ user, status: "expired" });
  reads = false;
  const queryKey = keys.boards("teams", 1, "archived");
  const observer = new QueryObserver(queryClient, { queryKey, queryFn: read });
  const end = observer.subscribe(() => undefined);
  await jest.advanceTimersByTimeAsync(0);
  expect(observer.getCurrentResult().status).toBe("error");
  reads = true;
  useSession.setState({ status: "known" });
  await jest.advanceTimersByTimeAsync(0);
  expect(observer.getCurrentResult().data).toEqual(["Kitchen"]);
  end();
});
