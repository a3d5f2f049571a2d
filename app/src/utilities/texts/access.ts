/** The texts of the ways in and out that few people need: they come with their screens, not with the app. */

import { type Language, useLanguage } from "./index";
import { isolateArguments } from "./isolate";
import { access as de } from "./de/access";
import { access as en } from "./en/access";

export type AccessTexts = typeof en;

export const accessCatalogues: Record<Language, AccessTexts> = { en, de };
isolateArguments(accessCatalogues);

export function useAccessTexts(): AccessTexts {
  return accessCatalogues[useLanguage()];
}
