/** What the server says of a value, in German; what is not known here stays in English. */

/** A reason, and its words with what its groups found. */
const REASONS: readonly (readonly [RegExp, (...found: readonly string[]) => string])[] = [
  [/^is required$/u, () => "fehlt"],
  [/^must not be empty$/u, () => "darf nicht leer sein"],
  [/^must contain a visible character$/u, () => "muss etwas Sichtbares enthalten"],
  [
    /^must be a single line without control characters$/u,
    () => "muss eine einzelne Zeile ohne Steuerzeichen sein",
  ],
  [
    /^must not contain (?:control characters.*|the character U\+0000)$/u,
    () => "darf keine Steuerzeichen enthalten",
  ],
  [
    /^must not contain invisible characters such as U\+([0-9A-F]+)$/u,
    (code) => `darf keine unsichtbaren Zeichen enthalten, etwa U+${code}`,
  ],
  [
    /^may only contain a-z, A-Z, 0-9, _, \. and -$/u,
    () => "darf nur Buchstaben von a bis z, Ziffern, _ . und - enthalten",
  ],
  [
    /^must have (\d+) to (\d+) characters, has (\d+)$/u,
    (least, most, length) => `muss ${least} bis ${most} Zeichen haben, hat ${length}`,
  ],
  [/^must have 1 to (\d+) characters$/u, (most) => `muss 1 bis ${most} Zeichen haben`],
  [
    /^must have at most (\d+) characters(?:, has (\d+))?$/u,
    (most, length) => `darf höchstens ${most} Zeichen haben${length ? `, hat ${length}` : ""}`,
  ],
  [
    /^must have at most (\d+) bytes as JSON, has (\d+)$/u,
    (most, size) => `darf als JSON höchstens ${most} Bytes haben, hat ${size}`,
  ],
  [
    /^must have at most (\d+) levels, has (\d+)$/u,
    (most, levels) => `darf höchstens ${most} Ebenen haben, hat ${levels}`,
  ],
  [/^must be an object of at most 16 KiB$/u, () => "darf höchstens 16 KiB haben"],
  [
    /^must have at most (\d+) labels, has (\d+)$/u,
    (most, count) => `dürfen höchstens ${most} Etiketten sein, sind ${count}`,
  ],
  [/^repeats an earlier label$/u, () => "ist ein Etikett, das schon dasteht"],
  [/^must be 1 to (\d+) columns$/u, (most) => `müssen 1 bis ${most} Spalten sein`],
  [/^is the key of an earlier column$/u, () => "ist der Schlüssel einer früheren Spalte"],
  [/^is not a column of this board$/u, () => "ist keine Spalte dieses Boards"],
  [/^is not a list of this board$/u, () => "ist keine Liste dieses Boards"],
  [
    /^must have 1 to (\d+) open lists, has (\d+)$/u,
    (most, count) => `müssen 1 bis ${most} offene Listen sein, sind ${count}`,
  ],
  [
    /^must have at most (\d+) (?:cards|tasks), has (\d+)$/u,
    (most, count) => `dürfen höchstens ${most} sein, sind ${count}`,
  ],
  [
    /^must (?:contain|have) at most (\d+) comments, (?:contains|has) (\d+)$/u,
    (most, count) => `dürfen höchstens ${most} Kommentare haben, haben ${count}`,
  ],
  [
    /^would make a history of (\d+) bytes; (\d+) are possible$/u,
    (bytes, most) => `ergäbe einen Verlauf von ${bytes} Bytes; möglich sind ${most}`,
  ],
  [
    /^there are more than the first (\d+), which are listed$/u,
    (most) => `mehr als die ersten ${most}, die hier stehen`,
  ],
  [
    /^must have card\.id and text, as a comment has$/u,
    () => "muss card.id und text haben, wie ein Kommentar",
  ],
  [/^must be a string$/u, () => "muss ein Text sein"],
  [/^must be a number$/u, () => "muss eine Zahl sein"],
  [/^must be true or false$/u, () => "muss true oder false sein"],
  [/^must be an array$/u, () => "muss eine Liste sein"],
  [/^must be an object$/u, () => "muss ein Objekt sein"],
  [/^is (?:no|not a) member of this board$/u, () => "ist kein Mitglied dieses Boards"],
  [/^is not another task in the column .*$/u, () => "ist keine andere Aufgabe in dieser Spalte"],
  [
    /^must be a whole number from 1 to (\d+), or null$/u,
    (most) => `muss eine ganze Zahl von 1 bis ${most} sein`,
  ],
  [/^must be an RFC 3339 timestamp.*$/u, () => "muss ein Zeitpunkt sein, den es gibt"],
  [
    /^must be in the years 0000 to 9999 in UTC$/u,
    () => "muss in den Jahren 0000 bis 9999 (UTC) liegen",
  ],
  [/^must be a day from 1970 on, such as .*$/u, () => "muss ein Tag ab 1970 sein"],
  [/^must lie before `to`$/u, () => "muss vor dem Ende liegen"],
  [/^must not be after due_at$/u, () => "darf nicht nach der Fälligkeit liegen"],
  [/^must not be before start_at$/u, () => "darf nicht vor dem Beginn liegen"],
  [/^must not be after to, which is .*$/u, () => "darf nicht nach dem Ende liegen"],
  [
    /^must not be more than two years \(731 days\) before to$/u,
    () => "darf höchstens zwei Jahre (731 Tage) vor dem Ende liegen",
  ],
  [/^is not your password$/u, () => "ist nicht Ihr Passwort"],
  [/^is required for a new password$/u, () => "wird für ein neues Passwort gebraucht"],
];

/** @returns null: it stays as the server says it */
export function faultInGerman(detail: string): string | null {
  for (const [reason, words] of REASONS) {
    const found = reason.exec(detail);
    if (found !== null) {
      return words(...found.slice(1));
    }
  }
  return null;
}
