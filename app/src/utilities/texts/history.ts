/** The texts of the history come with it: a first visit does not load them. */

import { type Language, useLanguage } from "./index";
import { isolateArguments } from "./isolate";
import { history as de } from "./de/history";
import { history as en } from "./en/history";

export type HistoryTexts = typeof en;

export const historyCatalogues: Record<Language, HistoryTexts> = { en, de };
isolateArguments(historyCatalogues);

export function useHistoryTexts(): HistoryTexts {
  return historyCatalogues[useLanguage()];
}
