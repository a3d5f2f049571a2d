/** The texts of the admin area: they come with it, not with the app. */

import { type Language, useLanguage } from "./index";
import { isolateArguments } from "./isolate";
import { admin as de } from "./de/admin";
import { admin as en } from "./en/admin";

export type AdminTexts = typeof en;

export const adminCatalogues: Record<Language, AdminTexts> = { en, de };
isolateArguments(adminCatalogues);

export function useAdminTexts(): AdminTexts {
  return adminCatalogues[useLanguage()];
}
