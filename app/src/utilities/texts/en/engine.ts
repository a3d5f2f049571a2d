/** English texts of the engine: what goes wrong without the server having said so itself. */

export const engine = {
  changedMeanwhile: "Somebody changed this task, or commented on it, after you deleted it.",
  commentGone: "The comment was deleted. “Try again” writes yours as a new one.",
  partGone: "This was deleted from its checklist, or could not be added to it.",
  taskGone: "This task no longer exists.",
  keepsFailing: (words: string) => `The server fails on this change every time: ${words}`,
  boardAnew: "The server was restarted: this is a different board now.",
  /** Why the server refused, by the type of its problem; null: in its own words, which are English. */
  refusal: (type: string): string | null =>
    type === "/problems/unauthorized" ? "You are no longer logged in." : null,
  /** What is wrong with a field's value; null: as the server says it. */
  fault: (_detail: string): string | null => null,
  /** By the status of an answer that says no more. */
  unexplained: {
    tooLarge: (status: number) => `That is more than the server accepts at once (HTTP ${status}).`,
    noReason: (status: number) => `The server refused this without saying why (HTTP ${status}).`,
    away: (status: number) => `The server, or the way to it, is not working (HTTP ${status}).`,
  },
};
