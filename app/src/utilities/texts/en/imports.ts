/** English texts of imports: what a file is that cannot be read, and what could not be carried over. */

import { pluralIn } from "../plural";

const plural = pluralIn("en");

const comments = (count: number) =>
  plural(count, { one: `${count} comment`, other: `${count} comments` });
const more = (count: number) =>
  plural(count, { one: `${count} more comment`, other: `${count} more comments` });
const items = (count: number) => plural(count, { one: `${count} item`, other: `${count} items` });
const tasks = (count: number) => plural(count, { one: `${count} task`, other: `${count} tasks` });

export const imports = {
  title: "Import a board",
  text: "From a file exported here, or from a board exported by Trello (Menu, Share, Export as JSON). It becomes a new board of yours.",
  choose: "Choose a file",
  paste: "The file's content",
  busy: (name: string) => `Importing ${name}…`,
  stopped: (name: string) =>
    `The import of ${name} was stopped. It had been sent: if the board is made anyway, it is in this list.`,
  notBoard: (missing: string) =>
    `This file is JSON, but not the export of a board: it lacks ${missing}.`,
  refused: (count: number) =>
    plural(count, {
      one: "This file cannot be imported: one thing in it is not acceptable.",
      other: `This file cannot be imported: ${count} things in it are not acceptable.`,
    }),
  theTask: (number: number, title: string | null) =>
    title === null ? `Task ${number}` : `Task ${number} (“${title}”)`,
  theColumn: (number: number, name: string | null) =>
    name === null ? `Column ${number}` : `Column ${number} (“${name}”)`,
  members: {
    name: "Name",
    key: "Key",
    columns: "Columns",
    lists: "Lists",
    tasks: "Tasks",
    cards: "Cards",
  },
  /** Fields of Trello's, as its users know them. */
  trello: {
    idList: "List",
    desc: "Description",
    due: "Due date",
    pos: "Place",
  },
  tooLarge: (size: string) =>
    `This board has ${size} MiB. At most 8 MiB (8,388,608 bytes) can be imported.`,
  done: (name: string) => `“${name}” is imported.`,
  archived: "It was archived, so it is among the archived boards.",
  warnings: (count: number) =>
    plural(count, {
      one: `${count} thing could not be carried over`,
      other: `${count} things could not be carried over`,
    }),
  showAll: (count: number) => `Show all ${count}`,
  other: {
    empty: "This file is empty.",
    html: "This file is a web page, not an export: perhaps a log-in page was saved instead. Export the board again.",
    gzip: "This file is compressed (gzip). Unpack it and choose the file in it.",
    zip: "This file is a ZIP archive. Unpack it and choose the file in it.",
    utf16: "This file is text in UTF-16. Save it as UTF-8 and choose it again.",
    notUtf8: "This file is not text in UTF-8, as exports are.",
    table: "This file looks like a table (CSV). Export the board as JSON instead.",
    cutOff: "This file ends in the middle: it was cut off. Export or download it again.",
    notJson: "This file is not JSON: neither an export of ours nor one of Trello's.",
    card: "This file is the export of a single card. Export the whole board and import that.",
    list: "This file is a list, not a single board. Export one board and import that.",
  },
  warning: {
    history: "The history was not imported: the new board begins its own.",
    historyCut: (limit: number) =>
      `The file holds only the newest ${limit} entries of the history: older comments are not in it.`,
    archivedList: (list: string, count: number) =>
      `The archived list “${list}” was left out, with ${tasks(count)}.`,
    archivedTask: (task: string, count: number) =>
      `The archived card “${task}” was left out, with ${comments(count)}.`,
    commentWithoutTask: (name: string | null, task: string | null) =>
      `A comment${name === null ? "" : ` by ${name}`}${task === null ? "" : ` on “${task}”`} was left out: the file does not hold ${task === null ? "its" : "that"} card.`,
    checklistWithoutTask: (name: string) =>
      `The checklist “${name}” was left out: the file does not hold its card.`,
    commentsMissing: (task: string, count: number) =>
      `“${task}” comes without ${comments(count)}, which the file does not hold.`,
    notAMember: (name: string) => `${name} is not a member of the new board.`,
    notAssigned: (task: string, name: string) =>
      `“${task}” is not assigned to ${name}, who is not a member of the new board.`,
    otherAuthors: (count: number) =>
      plural(count, {
        one: `${count} task was made by somebody else; you are its author now.`,
        other: `${count} tasks were made by others; you are their author now.`,
      }),
    cut: (name: string, limit: number) =>
      `A text of “${name}” was too long and was cut to ${limit} characters: the rest is only in the file.`,
    descriptionContinued: (task: string, count: number) =>
      `“${task}” is too long for a description: it continues in ${comments(count)}.`,
    commentContinued: (task: string, count: number) =>
      `A comment on “${task}” was too long: it continues in ${more(count)}.`,
    checklistWithoutRoom: (task: string, name: string, count: number) =>
      `“${task}” had no room for ${items(count)} of the checklist “${name}”.`,
    attachmentWithoutRoom: (task: string, name: string) =>
      `“${task}” had no room for the link to the attachment “${name}”.`,
    unnamed: (what: string, name: string) => `${what} had no name and is called “${name}” now.`,
    unnamedOf: (task: string, what: string, name: string) =>
      `${what} of “${task}” had no name and is called “${name}” now.`,
    controlCharacters: (name: string) =>
      `Invisible characters were removed from a text of “${name}”.`,
    template: (task: string) => `“${task}” was a template and is an ordinary task now.`,
    attachedFile: (task: string, name: string) =>
      `“${task}” has a link to the file “${name}”; the file itself stays where it is.`,
    unusedLabel: (label: string) => `The label “${label}” was left out: no task has it.`,
    unusedField: (name: string) => `The field “${name}” was left out: no task has it.`,
    tooManyLabels: (task: string, count: number, limit: number) =>
      `“${task}” has ${count} labels; the first ${limit} were kept.`,
    fieldsTooLarge: (task: string) => `The fields of “${task}” were too large and were left out.`,
    notCarried: (name: string, what: string) => `“${name}” comes without ${what}.`,
    boardWithout: (what: string) => `The board comes without ${what}.`,
    more: (limit: number) => `There is more: only the first ${limit} are listed.`,
    unknown: "Something could not be carried over.",
    unknownOf: (name: string) => `Something of “${name}” could not be carried over.`,
  },
  unnamed: {
    lists: "A list",
    cards: "A card",
    checklists: "A checklist",
    customFields: "A field",
  },
  theBoard: "the board",
  field: (name: string) => `its “${name}”`,
  fields: {
    idMembersVoted: "its votes",
    stickers: "its stickers",
    cover: "its cover",
    dueReminder: "its due reminder",
    pluginData: "what power-ups kept on it",
    powerUps: "its power-ups",
    attachments: "an attachment that has no address",
    customFieldItems: "a value whose field the file does not hold",
    idLabels: "a label that the file does not hold",
    softLimit: "its limit, which is not a whole number from 1 to 999,999",
    color: "the colours of its labels",
    prefs: "its settings at Trello, such as the background",
    starred: "its star",
    subscribed: "your watching it",
    memberCreator: "the author of a comment, whose name shows nothing",
    pinned: "its pin",
  },
};
