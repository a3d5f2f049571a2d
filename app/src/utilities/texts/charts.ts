/** The texts of charts: they come with them, not with the app. */

import { type Language, useLanguage } from "./index";
import { isolateArguments } from "./isolate";
import { charts as de } from "./de/charts";
import { charts as en } from "./en/charts";

export type ChartTexts = typeof en;

export const chartsCatalogues: Record<Language, ChartTexts> = { en, de };
isolateArguments(chartsCatalogues);

export function useChartTexts(): ChartTexts {
  return chartsCatalogues[useLanguage()];
}
