/** The texts of the import: they come with its dialog, not with the app. */

import { type Language, useLanguage } from "./index";
import { isolateArguments } from "./isolate";
import { imports as de } from "./de/imports";
import { imports as en } from "./en/imports";

export type ImportsTexts = typeof en;

export const importsCatalogues: Record<Language, ImportsTexts> = { en, de };
isolateArguments(importsCatalogues);

export function useImportsTexts(): ImportsTexts {
  return importsCatalogues[useLanguage()];
}
