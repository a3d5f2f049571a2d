/** How long each text may be, in characters: what the server's description says in words. */

export const LIMITS = {
  title: 200,
  description: 10_000,
  comment: 10_000,
  checklist: 100,
  item: 1_000,
  /** How many checklists a task has at most, and how many items one of them. */
  checklists: 20,
  items: 200,
  boardName: 100,
  columnName: 100,
  label: 64,
  assignee: 64,
  displayName: 64,
  username: 32,
  tokenName: 64,
  password: 128,
  search: 1_000,
  /** The name of a free field, and its value: the server limits all of them together instead. */
  fieldName: 100,
  fieldValue: 1_000,
} as const;

/** What passwords and user names have at least. */
export const LEAST = { username: 3, password: 10 } as const;

/** Characters as people and the server count them: an emoji of two code units is one. */
export function lengthOf(text: string): number {
  return [...text].length;
}
