/** Boards, tasks and events for the unit tests, in the shapes of the API. */

const AT = "2026-01-02T03:04:05.678Z";

export function task(id, more = {}) {
  return {
    id,
    title: `Task ${id}`,
    description: "",
    status: "todo",
    assigned_to: null,
    version: 1,
    created_at: AT,
    updated_at: AT,
    ...more,
  };
}

export function board(more = {}) {
  return {
    id: 7,
    epoch: "e1",
    name: "Alpha",
    seq: 0,
    version: 1,
    created_at: AT,
    updated_at: AT,
    tasks: [],
    events: [],
    ...more,
  };
}

export function taskEvent(seq, action, entity, more = {}) {
  return {
    board_id: 7,
    seq,
    action,
    entity: "task",
    task: entity,
    actor: { id: 0, username: "guest" },
    timestamp: `2026-01-02T03:04:${String(seq % 60).padStart(2, "0")}.000Z`,
    ...more,
  };
}

/** As the relay splices it: its own keys first, then the event's. */
export function frameOf(event) {
  return JSON.parse(`{"type":"event","board":${event.board_id},${JSON.stringify(event).slice(1)}`);
}

/** A small seeded generator (mulberry32): the same seed gives the same run. */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A board as it may stand on a Tuesday, for pictures and audits. */
export function exampleTasks() {
  const said = (title, status, description = "", assigned_to) => ({
    title,
    status,
    description,
    ...(assigned_to && { assigned_to }),
  });
  return [
    said(
      "Ask three users what they missed",
      "todo",
      "Half an hour each. Write down their words, not ours.",
      "Ada Lovelace",
    ),
    said("Import from the old tracker", "todo"),
    said(
      "Print the poster for the fair",
      "todo",
      "A2, matte. The printer needs it by Thursday noon.",
      "mona",
    ),
    said(
      "A single title that goes on and on because somebody pasted the whole of a message into it instead of a few words that say what is to be done",
      "todo",
    ),
    said(
      "Unbroken_identifier_that_is_far_too_long_to_fit_into_any_column_of_a_phone",
      "todo",
      "",
      "somebody_with_a_rather_long_name",
    ),
    said(
      "Draw the empty state",
      "in_progress",
      "It has to teach: two windows, one card.",
      "Grace Hopper",
    ),
    said(
      "Measure the time from click to the other window",
      "in_progress",
      "On two cores, with everything else running.",
      "Linus",
    ),
    said("Write the release notes", "in_progress"),
    said("Agree on the scope", "finished", "", "Ada Lovelace"),
    said("Set up the repository", "finished", "Workspace, formatter, checks.", "Grace Hopper"),
    said("Choose the colours", "finished", "One hue for each column, dark and light.", "mona"),
  ];
}
