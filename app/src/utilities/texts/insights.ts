/** The texts of Insights: they come with it, not with the app. */

import { type Language, useLanguage } from "./index";
import { isolateArguments } from "./isolate";
import { insights as de } from "./de/insights";
import { insights as en } from "./en/insights";

export type InsightsTexts = typeof en;

export const insightsCatalogues: Record<Language, InsightsTexts> = { en, de };
isolateArguments(insightsCatalogues);

export function useInsightsTexts(): InsightsTexts {
  return insightsCatalogues[useLanguage()];
}
