/** A small board to try things on. */

import * as api from "../net/api.js";

/** @type {Parameters<typeof api.addTask>[1][]} */
const TASKS = [
  {
    title: "Open this board in a second window",
    description: "Copy the link above and paste it there.",
    status: "todo",
  },
  {
    title: "Drag this card to In progress",
    description: "Or focus it and press Alt and the right arrow. Watch the other window.",
    status: "todo",
    assigned_to: "you",
  },
  {
    title: "Edit a card in both windows at once",
    description:
      "What you type is never overwritten: where both changed the same line, you choose.",
    status: "todo",
  },
  { title: "Read the activity list", status: "in_progress", assigned_to: "Ada Lovelace" },
  { title: "Make the first board", status: "finished", assigned_to: "you" },
];

/** @returns {Promise<number>} the new board's id */
export async function makeExample() {
  const board = await api.createBoard("Try me");
  for (const task of TASKS) {
    await api.addTask(board.id, task);
  }
  return board.id;
}
