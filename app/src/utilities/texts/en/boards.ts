/** English texts of the list of boards. */

import { pluralIn } from "../plural";

const plural = pluralIn("en");

export const boards = {
  title: "Boards",
  quickWinTitle: "Boards without an account",
  quickWinNote:
    "Everybody who opens this server sees and changes these boards. They last until it restarts.",
  create: "New board",
  createTitle: "New board",
  add: "Create",
  name: "Name",
  nameMissing: "Give the board a name.",
  description: "Description",
  search: "Search boards",
  show: "Show",
  active: "Active",
  archived: "Archived",
  trash: "Trash",
  sort: "Sort by",
  byActivity: "Newest activity",
  byName: "Name",
  count: (count: number) => plural(count, { one: `${count} board`, other: `${count} boards` }),
  columnCount: (column: string, count: number) =>
    `${column}: ${plural(count, { one: `${count} task`, other: `${count} tasks` })}`,
  others: (count: number) => `+${count}`,
  membersOf: (names: string, more: number) =>
    more === 0
      ? `Members: ${names}`
      : `Members: ${names} and ${plural(more, { one: "1 more", other: `${more} more` })}`,
  changed: (when: string) => `Changed ${when}`,
  deleted: (when: string) => `Deleted ${when}`,
  menu: (name: string) => `Actions for ${name}`,
  rename: "Rename",
  renameTitle: "Rename board",
  archive: "Archive",
  unarchive: "Bring back from the archive",
  members: "Members",
  delete: "Delete",
  restore: "Restore",
  archivedDone: (name: string) => `“${name}” is in the archive.`,
  unarchivedDone: (name: string) => `“${name}” is active again.`,
  deletedDone: (name: string) => `“${name}” is in the trash.`,
  restoredDone: (name: string) => `“${name}” is back.`,
  deleteTitle: (name: string) => `Delete “${name}”?`,
  deleteText: "The board and its tasks are gone at once, for everybody. This cannot be undone.",
  goneDone: (name: string) => `“${name}” is deleted.`,
  import: "Import",
  openBoard: "Open the board",
  emptyTitle: "Your first board",
  emptyText:
    "A board has columns, and tasks move through them from left to right. Make one, then invite others under “Members”: you will see each other's changes as they happen.",
  emptyQuickWinText:
    "A board has columns, and tasks move through them from left to right. Make one and open it in a second window: what moves here moves there.",
  emptyArchived: "Nothing is archived",
  emptyArchivedText: "Archive a board that is done: it leaves the list, and nothing of it is lost.",
  emptyTrash: "The trash is empty",
  emptyTrashText: "Deleted boards stay here for 30 days and can be restored completely.",
  noMatch: "No board matches",
  noMatchText: (search: string) => `No name or description contains “${search}”.`,
  searching: (count: number) =>
    `Searching… ${plural(count, { one: "1 board", other: `${count} boards` })} searched so far`,
  searchedSome: (count: number) =>
    `Nothing found yet: ${plural(count, { one: "1 board", other: `${count} boards` })} searched, there are more`,
  clearSearch: "Clear the search",
  more: "Show more",
  offlineTitle: "No connection",
  offline: (when: string) => `This is the list as this device saw it ${when}.`,
  failed: "The boards could not be loaded",
  roles: { owner: "Owner", editor: "Editor", viewer: "Viewer" },
  shortcuts: "List of boards",
  focusSearch: "Search",
};
