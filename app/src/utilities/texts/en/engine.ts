/** English texts of the engine: what goes wrong without the server having said so itself. */

export const engine = {
  changedMeanwhile: "Somebody changed this task, or commented on it, after you deleted it.",
  commentGone: "The comment was deleted. “Try again” writes yours as a new one.",
  taskGone: "There is no such task any more.",
  keepsFailing: (words: string) => `The server fails at this change each time: ${words}`,
  boardAnew: "The server began anew: this board is another one now.",
  /** Why the server refused, by the type of its problem; null: in its own words, which are English. */
  refusal: (type: string): string | null =>
    type === "/problems/unauthorized" ? "You are not logged in any more." : null,
  /** What is wrong with a field's value; null: as the server says it. */
  fault: (_detail: string): string | null => null,
  /** By the status of an answer that says no more. */
  unexplained: {
    tooLarge: (status: number) => `That is more than the server takes at once (HTTP ${status}).`,
    noReason: (status: number) => `The server refused this without saying why (HTTP ${status}).`,
    away: (status: number) => `The server, or what leads to it, is out of order (HTTP ${status}).`,
  },
};
