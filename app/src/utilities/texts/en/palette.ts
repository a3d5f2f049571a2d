/** English texts of the command palette. */

export const palette = {
  title: "Go to",
  field: "Board, card or action",
  found: "What was found",
  nothing: "No board, card or action has these words.",
  groups: { boards: "Boards", cards: "Cards of this board", actions: "Actions" },
  toBoards: "To your boards",
};
