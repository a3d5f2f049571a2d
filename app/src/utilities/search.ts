/**
 * What search finds (docs/contract/api.md, API-SEARCH): any piece of a text, whatever its case, its accents and
 * the form it is written in. The database does the same (migrations, `search_fold` and `search_query`);
 * docs/contract/search.json holds both to it.
 */

/** Accents and points of Latin, Greek, Cyrillic, Hebrew and Arabic letters, and what is invisible. */
const DROPPED =
  /[\u0300-\u036f\u00ad\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u061c\u0640\u064b-\u065f\u0670\u180b-\u180f\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\u{e0100}-\u{e01ef}]/gu;

/** A text as it is searched. */
export function folded(text: string): string {
  return (
    text
      .normalize("NFKD")
      .replace(DROPPED, "")
      // Down, up and down again: ẞ, ß and SS, or the three sigmas, become one.
      .toLowerCase()
      .toUpperCase()
      .toLowerCase()
      .replace(/ς/gu, "σ")
      .replace(/[\u2018-\u201b]/gu, "'")
      .replace(/[\u201c-\u201f]/gu, '"')
      .replace(/[\u2010-\u2015\u2212]/gu, "-")
      .normalize("NFC")
      .replace(/[\t-\r \u0085\u1680\u2028\u2029]+/gu, " ")
  );
}

/** What is asked for, folded. */
export interface SearchQuery {
  /** All of them must be found. */
  readonly wanted: readonly string[];
  /** None of them may be found. */
  readonly unwanted: readonly string[];
}

const SPACES = /[\t-\r\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/gu;
const TOKEN = /-?["\u201c-\u201e][^"\u201c-\u201e]*(?:["\u201c-\u201e](?= |$)|$)|[^ ]+/gu;
const PHRASE = /^["\u201c-\u201e]([^"\u201c-\u201e]*)["\u201c-\u201e]?$/u;

/**
 * The words, "phrases" and -exclusions of a query. A word that begins with several hyphens is a word, and so
 * is a hyphen alone.
 */
export function searchQuery(text: string): SearchQuery {
  const wanted: string[] = [];
  const unwanted: string[] = [];
  for (const token of text.replace(SPACES, " ").match(TOKEN) ?? []) {
    const excluded = /^-[^-]/u.test(token);
    const body = excluded ? token.slice(1) : token;
    const term = folded(PHRASE.exec(body)?.[1] ?? body).trim();
    if (term !== "") (excluded ? unwanted : wanted).push(term);
  }
  return { wanted, unwanted };
}

/** Whether a folded text has all that is wanted and nothing that is not. */
export function holds(text: string, { wanted, unwanted }: SearchQuery): boolean {
  return (
    wanted.every((term) => text.includes(term)) && !unwanted.some((term) => text.includes(term))
  );
}
