import assert from "node:assert/strict";
import { test } from "node:test";
import * as draft from "../../../functions/web/files/model/draft.js";

const base = { title: "A", description: "a", status: "todo", assigned_to: "" };
const begun = () => draft.beginDraft(base, 1);

test("Draft: what was not touched follows the others' change", () => {
  const merged = draft.rebased(begun(), { ...base, title: "B" }, 2);
  assert.equal(merged.mine.title, "B");
  assert.equal(merged.version, 2);
  assert.deepEqual(draft.changed(merged), {});
});

test("Draft: what somebody is typing is never lost by an incoming event", () => {
  let mine = draft.typed(begun(), "description", "half a sent");
  mine = draft.rebased(mine, { ...base, title: "B", status: "finished" }, 2);
  assert.equal(mine.mine.description, "half a sent");
  assert.equal(mine.mine.title, "B");
  assert.deepEqual(draft.collisions(mine), []);
  assert.deepEqual(draft.changed(mine), { description: "half a sent" });
});

test("Draft: where both changed the same field both values are there, and the person chooses", () => {
  const typed = draft.rebased(
    draft.typed(begun(), "title", "mine"),
    { ...base, title: "theirs" },
    2,
  );
  assert.deepEqual(typed.theirs, { title: "theirs" });
  assert.equal(typed.mine.title, "mine");
  const keeps = draft.chosen(typed, "title", "mine");
  assert.deepEqual(
    [draft.collisions(keeps), draft.changed(keeps), keeps.version],
    [[], { title: "mine" }, 2],
  );
  const takes = draft.chosen(typed, "title", "theirs");
  assert.deepEqual([draft.collisions(takes), draft.changed(takes)], [[], {}]);
});

test("Draft: the same change on both sides is no collision", () => {
  const same = draft.rebased(draft.typed(begun(), "title", "B"), { ...base, title: "B" }, 2);
  assert.deepEqual(draft.collisions(same), []);
  const typedSame = draft.typed(
    draft.rebased(draft.typed(begun(), "title", "C"), { ...base, title: "B" }, 2),
    "title",
    "B",
  );
  assert.deepEqual(draft.collisions(typedSame), [], "typing what they wrote settles it");
});

test("Draft: a collision follows their newest value", () => {
  let state = draft.rebased(draft.typed(begun(), "title", "mine"), { ...base, title: "theirs" }, 2);
  state = draft.rebased(state, { ...base, title: "theirs again" }, 3);
  assert.deepEqual(
    [state.theirs, state.version, state.mine.title],
    [{ title: "theirs again" }, 3, "mine"],
  );
});

test("Draft: an older or the same version changes nothing", () => {
  const state = draft.typed(draft.beginDraft(base, 5), "title", "mine");
  assert.equal(draft.rebased(state, { ...base, title: "old" }, 5), state);
  assert.equal(draft.rebased(state, { ...base, title: "old" }, 4), state);
});
