/** English texts of the board: columns, cards, drag and drop, activity, troubles. */

import { pluralIn } from "../plural";

const plural = pluralIn("en");
const tasks = (count: number) => plural(count, { one: "1 task", other: `${count} tasks` });

export const board = {
  // The head of the board.
  back: "All boards",
  name: "Board name",
  rename: "Rename board",
  describe: "Add a description",
  description: "Board description",
  members: "Members",
  activity: "Activity",
  timeline: "Timeline",
  timelineOf: (name: string) => `Timeline of “${name}”`,
  backToNow: "Back to now",
  insights: "Insights",
  insightsOf: (name: string) => `Insights: ${name}`,
  menu: "Board menu",
  editColumns: "Columns…",
  archive: "Archive board",
  unarchive: "Take out of the archive",
  exportBoard: "Export as a file",
  deleteBoard: "Delete board…",
  deleteTitle: "Delete this board?",
  deleteTeams: (name: string) =>
    `“${name}” goes to the trash with everything on it. Owners can bring it back for 30 days.`,
  deleteQuick: (name: string) => `“${name}” and all its tasks will be gone for everybody.`,
  deleteConfirm: "Delete board",
  onlyHere: (count: number) =>
    plural(count, {
      one: "1 change on this device is not sent or not saved yet. It will be lost.",
      other: `${count} changes on this device are not sent or not saved yet. They will be lost.`,
    }),
  archived: "This board is archived.",
  exportDone: "The export holds the tasks and comments, not the history.",
  exportLarge:
    "The export is larger than 8 MiB: keep it, but it cannot be imported again as a whole.",
  exportWaiting: (count: number) =>
    plural(count, {
      one: "1 of your changes is not sent yet and would be missing from the file. Wait here until it is sent, or export without it.",
      other: `${count} of your changes are not sent yet and would be missing from the file. Wait here until they are sent, or export without them.`,
    }),
  exportUndecided: (count: number) =>
    plural(count, {
      one: "1 change needs your decision first and would be missing from the file.",
      other: `${count} changes need your decision first and would be missing from the file.`,
    }),
  exportSent: "All your changes are sent now.",
  exportNow: "Export",
  exportWithout: "Export without",
  exportLacks: (count: number) =>
    plural(count, {
      one: "1 of your changes was not sent when the file was made and is missing from it.",
      other: `${count} of your changes were not sent when the file was made and are missing from it.`,
    }),
  exportFailed: "The board could not be exported.",
  loading: "The board is loading…",
  fromDevice: "This is the copy kept on this device, until the server answers.",
  atRisk:
    "This device cannot store any more (it is full, or storage is blocked): changes that are not sent yet would be lost if you close or reload this page.",
  // Of a new board, by key.
  firstColumns: { todo: "To do", in_progress: "In progress", finished: "Finished" },
  draftsAtRisk:
    "This device cannot store any more (it is full, or storage is blocked): what you are writing would be lost if you close or reload this page before you save it.",
  viewer: "You can look at this board, but not change it.",

  // Whether the board cannot be shown.
  goneDeleted: "This board was deleted.",
  goneRemoved: "You are no longer a member of this board.",
  goneNotFound: "There is no such board, or you are not a member of it.",
  goneQuickWin: "This board no longer exists.",
  goneQuickWinHint: "Boards without an account last until the server restarts.",
  goneHint: "Ask one of its owners, or continue with another board.",
  goneUnknownHint:
    "If it is yours, look for it in the trash of your boards; otherwise ask one of its owners, or continue with another board.",
  goneOwnHint: "It is in the trash of your boards for 30 days: there you can restore it.",
  failed: "The board could not be opened.",
  unsent: (count: number) =>
    `${plural(count, { one: "1 of your changes", other: `${count} of your changes` })} could not be sent`,
  unsentHint: "The board no longer accepts them. They stay on this device until you discard them.",
  unsentCopy: "Copy them",
  unsentCopied: "Copied.",
  unsentNotCopied: "This page has no clipboard: select the text and copy it.",
  unsentDiscard: "Discard them",
  unsentKinds: {
    add: (subject: string) => `New task “${subject}”`,
    change: (subject: string) => `Changed “${subject}”`,
    move: (subject: string) => `Moved “${subject}”`,
    delete: (subject: string) => `Deleted “${subject}”`,
    "delete-undo": (subject: string) => `Brought back “${subject}”`,
    "comment-add": (subject: string) => `Comment on “${subject}”`,
    "comment-change": (subject: string) => `Changed a comment on “${subject}”`,
    "comment-delete": (subject: string) => `Deleted a comment on “${subject}”`,
    "list-add": (subject: string) => `Added to the checklists of “${subject}”`,
    "list-change": (subject: string) => `Changed the checklists of “${subject}”`,
    "list-delete": (subject: string) => `Removed from the checklists of “${subject}”`,
    "list-convert": (subject: string) => `Made a card of an item of “${subject}”`,
    tick: (subject: string) => `Ticked a line of “${subject}”`,
    "board-change": (subject: string) => `Changed the board “${subject}”`,
  },

  // The connection.
  live: "Live",
  connecting: "Connecting",
  catchingUp: "Catching up",
  behind: (count: number) => `Catching up, behind by ${count}`,
  offline: "Offline",
  offlineWaiting: (count: number) =>
    `Offline, ${plural(count, { one: "1 change", other: `${count} changes` })} waiting`,
  sending: (count: number) =>
    `Sending ${plural(count, { one: "1 change", other: `${count} changes` })}`,
  stalled: (count: number) =>
    `The server does not answer, ${plural(count, { one: "1 change", other: `${count} changes` })} waiting`,
  refusedForNow: (count: number) =>
    `The server cannot accept changes now, ${plural(count, { one: "1 change", other: `${count} changes` })} waiting`,
  nextTry: (time: string) => `Next try in ${time}`,
  logInToSend: (count: number) =>
    `Log in to send ${plural(count, { one: "1 change", other: `${count} changes` })}`,
  tooManyConnections: "Not live: too many connections, close another tab or device",
  stopped: "Out of date, reload the page",
  reconnect: "Connect now",
  hereNow: (names: string) => `Here now: ${names}`,

  // Search and filters.
  search: "Search tasks",
  searchHint: "Title, text, label, name or #number",
  searchedFor: "Search",
  filters: "Filters",
  filtersOn: (count: number) => `Filters (${count})`,
  noLabels: "No labels yet",
  assignee: "Assigned to",
  nobody: "Nobody",
  label: "Label",
  due: "Due",
  dueOverdue: "Overdue",
  dueWeek: "Within a week",
  clearFilters: "Clear filters",
  found: (count: number, total: number) => `${count} of ${tasks(total)}`,
  noneFound: "No task here matches.",
  shown: (shown: number, total: number) => `${shown} of ${total}`,

  // Columns.
  columns: "Columns",
  tasks,
  limit: (count: number, limit: number) => `${count} of at most ${tasks(limit)}`,
  full: "Full",
  overLimit: "Over the limit",
  emptyColumn: "Nothing here yet",
  emptyFirst: "Write down the first thing to do with “Add task” below.",
  emptyOther: "Drag a card here, or use “Move to…” in its menu.",
  emptyReadOnly: "No tasks.",

  columnMenu: (name: string) => `Actions for the column ${name}`,
  columnGrip: "Enter renames, Space picks it up.",
  renameColumn: "Rename",
  setLimit: "Set a limit…",
  changeLimit: (limit: number) => `Limit: ${limit}…`,
  limitHint: "How many tasks the column may have. Empty for any number.",
  toTheLeft: "Move left",
  toTheRight: "Move right",
  newColumnName: "Name of the new column",
  nameOfColumn: "Name of the column",
  columnMoved: (name: string) => `Column “${name}” moved`,
  columnDeleted: (name: string) => `Column “${name}” deleted`,
  columnPickedUp: (name: string, place: number, count: number) =>
    `“${name}” picked up, place ${place} of ${count}. Arrow keys move it, Space drops, Escape cancels.`,
  columnAt: (name: string, place: number, count: number) => `${name}, place ${place} of ${count}`,
  columnDropped: (name: string, place: number) => `“${name}” dropped, place ${place}.`,

  // Adding.
  addTask: "Add task",
  addTaskTo: (column: string) => `Add task to ${column}`,
  newTitle: "Title of the new task",
  newHint: "Enter adds, Escape closes",
  add: "Add",
  closeAdd: "Close",
  fullNow: (count: number, limit: number) => `Full: ${count} of ${tasks(limit)}`,
  columnFull: (column: string, count: number, limit: number) =>
    `“${column}” is full: ${count} of ${tasks(limit)}. ${plural(count - limit + 1, {
      one: "Move one out first.",
      other: `Move ${count - limit + 1} out first.`,
    })}`,
  addedHidden: (title: string) => `“${title}” is added, but the filter hides it.`,
  nowHidden: (title: string) => `The filter hides “${title}” now.`,

  // Cards.
  actionsFor: (title: string) => `Actions for ${title}`,
  open: "Open",
  edit: "Edit",
  moveTo: "Move to…",
  delete: "Delete",
  comments: (count: number) => plural(count, { one: "1 comment", other: `${count} comments` }),
  hasDescription: "Has a description",
  ticked: (done: number, all: number) => `${done} of ${all} ticked`,
  itemsDone: (done: number, all: number) =>
    `${done} of ${plural(all, { one: "1 item", other: `${all} items` })} done`,
  waiting: "Not sent yet",
  unsavedDraft: "Unsaved draft",
  assignedTo: (name: string) => `Assigned to ${name}`,
  isEditing: (names: string) => `${names} is editing`,
  areEditing: (names: string) => `${names} are editing`,
  moreLabels: (count: number) => `+${count}`,
  labels: (names: string) => `Labels: ${names}`,
  startOn: (date: string) => `Start ${date}`,
  overdueSince: (days: number) =>
    plural(days, { one: "Overdue since yesterday", other: `Overdue by ${days} days` }),
  overdueToday: "Overdue since today",
  dueToday: "Due today",
  dueTomorrow: "Due tomorrow",
  dueIn: (days: number) => plural(days, { one: "Due in 1 day", other: `Due in ${days} days` }),
  dueOn: (date: string) => `Due ${date}`,

  // Moving.
  columnGone: "The column that you chose is no longer on the board.",
  moveTitle: (title: string) => `Move “${title}”`,
  column: "Column",
  place: "Place",
  first: "First",
  last: "Last",
  beforeTask: (title: string) => `Before “${title}”`,
  move: "Move",
  moved: (title: string, column: string) => `“${title}” moved to ${column}`,
  deleted: (title: string) => `“${title}” deleted`,
  undone: (what: string) => `Undone: ${what}`,
  redone: (what: string) => `Redone: ${what}`,
  redo: "Redo",
  nothingToRedo: "You have nothing to redo.",
  undoFailed: "It could not be undone.",
  cannotUndo: {
    changed: "Somebody changed this card after you did.",
    columns: "Somebody changed the columns after you did.",
    nothing: "Nothing of yours was changed, so there is nothing to undo.",
    unknown: "It is not known here what became of this change, so it cannot be undone.",
  },
  nothingToUndo: "You have nothing to undo.",
  undoTooFar:
    "None of the latest changes is yours to undo. Older ones are too far back to be found here.",
  undoWaits: "Your last change is not sent yet: it can be undone once it is.",
  undoUnknown: "Without a connection it is not known what could be undone.",
  pickedUp: (title: string, column: string, place: number, count: number) =>
    `“${title}” picked up in ${column}, place ${place} of ${count}. Arrow keys move it, Space drops, Escape cancels.`,
  nowAt: (column: string, place: number, count: number) => `${column}, place ${place} of ${count}`,
  heldOverFull: (column: string, count: number, limit: number) =>
    `${column} is full: ${count} of ${tasks(limit)}. The card cannot be dropped here.`,
  dropped: (title: string, column: string, place: number) =>
    `“${title}” dropped in ${column}, place ${place}.`,
  cancelled: (title: string) => `Cancelled. “${title}” is back where it was.`,
  goneMeanwhile: "Somebody deleted the card while you were dragging it.",
  movedMeanwhile: (title: string, column: string) =>
    `“${title}” is in ${column} now: somebody moved it while you were dragging it.`,

  // The columns editor.
  columnsTitle: "Columns",
  columnsHint: "Columns appear from left to right in this order.",
  columnName: "Name",
  columnNameOf: (place: number) => `Name of column ${place}`,
  columnLimitOf: (name: string) => `Limit of ${name}`,
  columnLimit: "Limit",
  addColumn: "Add column",
  newColumn: "New column",
  moveLeft: (name: string) => `Move ${name} to the left`,
  moveRight: (name: string) => `Move ${name} to the right`,
  deleteColumn: (name: string) => `Delete column ${name}`,
  columnInUse: (name: string, count: number) =>
    plural(count, {
      one: `“${name}” still has 1 task. Move it first.`,
      other: `“${name}” still has ${count} tasks. Move them first.`,
    }),
  lastColumn: "A board keeps at least one column.",
  nameMissing: "A column needs a name.",
  nameTooLong: (most: number) => `At most ${most} characters.`,
  limitWrong: "A whole number from 1 up, or nothing.",
  tooManyColumns: (most: number) => `A board has at most ${most} columns.`,

  // The activity panel.
  activityTitle: "Activity",
  activityNone: "Every change on this board will be listed here.",
  madeRoom: (count: number) =>
    plural(count, { one: "1 card made room", other: `${count} cards made room` }),
  closeActivity: "Close activity",
  undoEvent: (words: string) => `Undo: ${words}`,
  somebody: "Somebody",
  othersChanged: (count: number) =>
    plural(count, { one: "1 change by others", other: `${count} changes by others` }),

  // Troubles.
  troubles: (count: number) =>
    plural(count, { one: "1 change needs you", other: `${count} changes need you` }),
  look: "Look at them",
  troublesTitle: "Changes that need you",
  troublesHint: "Nothing of yours was lost. Choose what to do with each.",
  conflictHead: (subject: string) => `“${subject}” was changed elsewhere meanwhile`,
  conflictBy: (subject: string, who: string) => `${who} changed “${subject}” meanwhile`,
  deletedHead: (subject: string) => `“${subject}” was deleted while you were changing it`,
  refusedHead: (subject: string) => `The change of “${subject}” was refused`,
  mine: "Yours",
  theirs: "Theirs",
  keepMine: "Keep mine",
  theirsBy: (who: string) => `Theirs (${who})`,
  keepTheirs: "Keep theirs",
  combine: "Combine",
  combined: (field: string) => `${field}, combined`,
  apply: "Apply",
  makeAnew: "Create it again",
  discard: "Discard",
  tryAgain: "Try again",
  moveElsewhere: "Move elsewhere",
  wipRefused: (subject: string, column: string, limit: number) =>
    `“${subject}” did not fit: “${column}” takes at most ${tasks(limit)}.`,
  youWrote: "What you wrote",
  nothing: "(nothing)",

  // Names of fields.
  fields: {
    title: "Title",
    description: "Description",
    status: "Column",
    position: "Place",
    assigned_to: "Assignee",
    labels: "Label list",
    start_at: "Start date",
    due_at: "Due date",
    fields: "Free fields",
    name: "Board name",
    columns: "Column list",
    archived: "Archive",
    body: "Comment",
    comment: "Comment",
    text: "Item",
    items: "Items",
    done: "Done",
  },

  // Events in words: who did what.
  events: {
    taskAdded: (who: string, title: string, column: string) =>
      `${who} added “${title}” to ${column}`,
    taskDeleted: (who: string, title: string) => `${who} deleted “${title}”`,
    taskMoved: (who: string, title: string, from: string, to: string) =>
      `${who} moved “${title}” from ${from} to ${to}`,
    taskSorted: (who: string, title: string, column: string) =>
      `${who} moved “${title}” within ${column}`,
    taskRenamed: (who: string, old: string, title: string) =>
      `${who} renamed “${old}” to “${title}”`,
    taskGiven: (who: string, title: string, name: string) =>
      `${who} assigned “${title}” to ${name}`,
    taskTaken: (who: string, title: string, name: string) =>
      `${who} unassigned “${title}” from ${name}`,
    taskDescribed: (who: string, title: string) => `${who} rewrote the description of “${title}”`,
    taskLabelled: (who: string, title: string, labels: string) =>
      `${who} labelled “${title}” ${labels}`,
    taskUnlabelled: (who: string, title: string) => `${who} removed the labels from “${title}”`,
    taskStarts: (who: string, title: string, date: string) =>
      `${who} set the start of “${title}” to ${date}`,
    taskNoStart: (who: string, title: string) => `${who} removed the start date from “${title}”`,
    taskDue: (who: string, title: string, date: string) => `${who} made “${title}” due ${date}`,
    taskNotDue: (who: string, title: string) => `${who} removed the due date from “${title}”`,
    taskFields: (who: string, title: string) => `${who} changed the free fields of “${title}”`,
    taskChanged: (who: string, title: string) => `${who} changed “${title}”`,
    commentAdded: (who: string, title: string) => `${who} commented on “${title}”`,
    commentChanged: (who: string, title: string) => `${who} changed a comment on “${title}”`,
    commentDeleted: (who: string, title: string) => `${who} deleted a comment on “${title}”`,
    listAdd: (who: string, title: string, list: string) =>
      `${who} added the checklist “${list}” to “${title}”`,
    listUpdate: (who: string, title: string, list: string) =>
      `${who} renamed a checklist of “${title}” to “${list}”`,
    listMove: (who: string, title: string, list: string) =>
      `${who} moved the checklist “${list}” of “${title}”`,
    listDelete: (who: string, title: string, list: string) =>
      `${who} deleted the checklist “${list}” of “${title}”`,
    itemAdd: (who: string, title: string, item: string) =>
      `${who} added “${item}” to a checklist of “${title}”`,
    itemUpdate: (who: string, title: string, item: string) =>
      `${who} changed the item “${item}” of “${title}”`,
    itemMove: (who: string, title: string, item: string) =>
      `${who} moved the item “${item}” of “${title}”`,
    itemDelete: (who: string, title: string, item: string) =>
      `${who} removed “${item}” from a checklist of “${title}”`,
    itemDone: (who: string, title: string, item: string) => `${who} ticked “${item}” of “${title}”`,
    itemOpen: (who: string, title: string, item: string) =>
      `${who} unticked “${item}” of “${title}”`,
    boardRenamed: (who: string, name: string) => `${who} renamed the board to “${name}”`,
    boardDescribed: (who: string) => `${who} rewrote the description of the board`,
    boardColumns: (who: string) => `${who} changed the columns`,
    boardArchived: (who: string) => `${who} archived the board`,
    boardUnarchived: (who: string) => `${who} took the board out of the archive`,
    boardAdded: (who: string) => `${who} made the board`,
    boardDeleted: (who: string) => `${who} deleted the board`,
    boardChanged: (who: string) => `${who} changed the board`,
    memberAdded: (who: string, name: string, role: string) => `${who} added ${name} as ${role}`,
    memberChanged: (who: string, name: string, role: string) => `${who} made ${name} ${role}`,
    memberRemoved: (who: string, name: string) => `${who} removed ${name} from the board`,
    memberLeft: (who: string) => `${who} left the board`,
    undo: (words: string) => `${words} (undone)`,
    several: (words: string, count: number) =>
      `${words} and ${plural(count, { one: "1 more change", other: `${count} more changes` })}`,
  },
  // The same for a task, shown on the task itself.
  eventsHere: {
    taskAdded: (who: string, _title: string, column: string) => `${who} added this to ${column}`,
    taskDeleted: (who: string) => `${who} deleted this`,
    taskMoved: (who: string, _title: string, from: string, to: string) =>
      `${who} moved this from ${from} to ${to}`,
    taskSorted: (who: string, _title: string, column: string) =>
      `${who} moved this within ${column}`,
    taskRenamed: (who: string, old: string, title: string) =>
      `${who} renamed “${old}” to “${title}”`,
    taskGiven: (who: string, _title: string, name: string) => `${who} assigned this to ${name}`,
    taskTaken: (who: string, _title: string, name: string) => `${who} unassigned this from ${name}`,
    taskDescribed: (who: string) => `${who} rewrote the description`,
    taskLabelled: (who: string, _title: string, labels: string) => `${who} labelled this ${labels}`,
    taskUnlabelled: (who: string) => `${who} removed the labels`,
    taskStarts: (who: string, _title: string, date: string) => `${who} set the start to ${date}`,
    taskNoStart: (who: string) => `${who} removed the start date`,
    taskDue: (who: string, _title: string, date: string) => `${who} made this due ${date}`,
    taskNotDue: (who: string) => `${who} removed the due date`,
    taskFields: (who: string) => `${who} changed the free fields`,
    taskChanged: (who: string) => `${who} changed this`,
    commentAdded: (who: string) => `${who} commented`,
    commentChanged: (who: string) => `${who} changed a comment`,
    commentDeleted: (who: string) => `${who} deleted a comment`,
    listAdd: (who: string, _title: string, list: string) => `${who} added the checklist “${list}”`,
    listUpdate: (who: string, _title: string, list: string) =>
      `${who} renamed a checklist to “${list}”`,
    listMove: (who: string, _title: string, list: string) => `${who} moved the checklist “${list}”`,
    listDelete: (who: string, _title: string, list: string) =>
      `${who} deleted the checklist “${list}”`,
    itemAdd: (who: string, _title: string, item: string) => `${who} added the item “${item}”`,
    itemUpdate: (who: string, _title: string, item: string) => `${who} changed the item “${item}”`,
    itemMove: (who: string, _title: string, item: string) => `${who} moved the item “${item}”`,
    itemDelete: (who: string, _title: string, item: string) => `${who} removed the item “${item}”`,
    itemDone: (who: string, _title: string, item: string) => `${who} ticked “${item}”`,
    itemOpen: (who: string, _title: string, item: string) => `${who} unticked “${item}”`,
  },
  roles: { owner: "an owner", editor: "an editor", viewer: "a viewer" },

  // Keyboard shortcuts, for the help sheet.
  keys: {
    title: "On a board",
    newTask: "New task",
    search: "Search",
    arrows: "Go from card to card",
    open: "Open the card",
    moveTo: "Move the card to…",
    edit: "Edit the card",
    delete: "Delete the card",
    pickUp: "Pick the card up, and drop it",
    undo: "Undo your last change",
    redo: "Redo it",
  },
};
