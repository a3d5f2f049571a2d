/** A refusal is kept as a code: its words are found when it is shown, in the language of then. */

import type { Reason, Trouble } from "../../sync";
import { catalogues, type Language } from "../../utilities/texts";
import { useLanguageChoice } from "../../utilities/texts/language";
import { refusalWords } from "./refusal-words";

afterEach(() => useLanguageChoice.setState("system"));

const said = { status: 403, detail: "This needs the role editor.", errors: [] };

function words(reason: Reason, language: Language): string | null {
  useLanguageChoice.setState(language);
  const kind = { kind: "refused", type: "/problems/forbidden", reason, mine: {} } as const;
  const trouble: Trouble = { id: "t", task: 1, subject: "Pack", at: 0, kind };
  return refusalWords(trouble, { head: () => null }, catalogues[language]);
}

test.each<[Reason, RegExp, RegExp]>([
  [{ code: "server", ...said }, /^This needs the role editor\.$/u, /^Dazu haben Sie .*Recht\.$/u],
  [{ code: "keeps-failing", ...said }, /every time: This needs/u, /jedes Mal .*: Dazu haben Sie/u],
  [{ code: "changed-meanwhile" }, /after you deleted it/u, /nachdem Sie sie gelöscht/u],
  [{ code: "comment-gone" }, /comment was deleted/u, /Kommentar wurde gelöscht/u],
  [{ code: "task-gone" }, /task no longer exists/u, /Aufgabe gibt es nicht/u],
  [{ code: "board-anew" }, /was restarted/u, /neu begonnen/u],
  [{ code: "worded", words: "Kept by an earlier version." }, /^Kept by/u, /^Kept by/u],
])("a refusal %j is worded in the language chosen now", (reason, english, german) => {
  expect(words(reason, "en")).toMatch(english);
  expect(words(reason, "de")).toMatch(german);
});
