/** The texts of e-mail addresses and forgotten passwords: they come with their parts, not with the app. */

import { type Language, useLanguage } from "./index";
import { isolateArguments } from "./isolate";
import { email as de } from "./de/email";
import { email as en } from "./en/email";

export type EmailTexts = typeof en;

export const emailCatalogues: Record<Language, EmailTexts> = { en, de };
isolateArguments(emailCatalogues);

export function useEmailTexts(): EmailTexts {
  return emailCatalogues[useLanguage()];
}
