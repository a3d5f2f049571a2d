/** English texts of the task: its fields, comments and history. */

import { pluralIn } from "../plural";

const plural = pluralIn("en");

export const task = {
  dialog: (title: string) => `Task: ${title}`,
  number: (id: number) => `#${id}`,
  unsent: "Not sent yet",
  gone: "This task is not on the board any more.",
  goneHint: "It was deleted, or the address is wrong. Its history stays in the activity.",
  backToBoard: "Back to the board",
  close: "Close task",
  keysTitle: "On a task",
  readOnly: "You may look, but not change.",

  title: "Title",
  editTitle: "Edit title",
  titleMissing: "A task needs a title.",
  tooLong: (count: number, most: number) => `At most ${most} characters; this has ${count}.`,

  description: "Description",
  editDescription: "Edit description",
  noDescription: "No description yet.",
  addDescription: "Add a description",
  write: "Write",
  preview: "Preview",
  writeOrPreview: "Write or preview",
  markdownHint: "Markdown: **bold**, *italic*, `code`, - list, [link](https://…)",
  save: "Save",
  cancel: "Cancel",
  discardDraft: "Discard draft",
  draftKept: "Your draft is kept on this device.",

  status: "Status",
  assignee: "Assignee",
  nobody: "Nobody",
  changeAssignee: "Change assignee",

  labels: "Labels",
  addLabel: "Add label",
  labelName: "New label",
  removeLabel: (name: string) => `Remove label ${name}`,
  labelTwice: "The task has this label.",
  noLabels: "None",

  due: "Due date",
  dueHint: "YYYY-MM-DD",
  dueWrong: "Write a day as YYYY-MM-DD.",
  removeDue: "Remove due date",

  fields: "More fields",
  noFields: "Anything else worth keeping: an estimate, a link, a number.",
  fieldName: "Field name",
  fieldValue: "Value",
  addField: "Add field",
  removeField: (name: string) => `Remove field ${name}`,
  valueOf: (name: string) => `Value of ${name}`,
  fieldTwice: "There is a field of this name.",
  fieldMissing: "A field needs a name.",
  yes: "yes",
  no: "no",
  empty: "empty",

  comments: "Comments",
  noComments: "Nobody has said anything yet.",
  writeComment: "Write a comment",
  addComment: "Comment",
  commentHint: "Ctrl+Enter sends",
  editComment: "Edit comment",
  deleteComment: "Delete comment",
  commentMenu: (name: string) => `Actions for the comment by ${name}`,
  commentsFailed: "The comments could not be loaded.",
  edited: "edited",
  waiting: "not sent yet",
  moreComments: "Show more",

  history: "History",
  showHistory: "Show history",
  hideHistory: "Hide history",
  historyFailed: "The history could not be loaded.",
  noHistory: "Nothing happened yet.",
  undo: "Undo",
  undoOf: (words: string) => `Undo: ${words}`,

  created: (who: string, when: string) => `Made by ${who}, ${when}`,
  createdAt: (when: string) => `Made ${when}`,
  updated: (when: string) => `Changed ${when}`,
  alsoEditing: (names: string) => `${names} is editing this`,
  alsoEditingMany: (names: string) => `${names} are editing this`,

  changedMeanwhile: "Somebody changed this while you were writing.",
  theirsNow: "Theirs now",
  yours: "Yours",
  keepMine: "Keep mine",
  takeTheirs: "Take theirs",

  moveTo: "Move to…",
  delete: "Delete task",
  characters: (count: number) =>
    plural(count, { one: "1 character left", other: `${count} characters left` }),
  linkBlocked: "This link is not opened: only http, https and mailto are.",
};
