/** Guards who is said to have a task open. */

import { othersEditing } from "./editing";

const at = (user: string, editing: number | null) => ({ user, editing });

it("others are named, oneself is not, and each once", () => {
  const presence = [at("ada", 1), at("grace", 1), at("grace", 1), at("grace", 2)];
  expect(othersEditing(presence, 1, "ada", true, "Somebody")).toEqual(["grace"]);
  expect(othersEditing(presence, 3, "ada", false, "Somebody")).toEqual([]);
});

it("without accounts one of the guests is oneself while one has the task open", () => {
  const one = [at("guest", 1), at("guest", null)];
  expect(othersEditing(one, 1, null, true, "Somebody")).toEqual([]);
  expect(othersEditing(one, 1, null, false, "Somebody")).toEqual(["Somebody"]);
  expect(othersEditing([...one, at("guest", 1)], 1, null, true, "Somebody")).toEqual(["Somebody"]);
});
