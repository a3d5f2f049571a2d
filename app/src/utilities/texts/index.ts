/** Every text that people read, by language: `useTexts()` in components, `texts()` elsewhere. */

import { de } from "./de";
import { en } from "./en";
import { isolateArguments } from "./isolate";
import { useLanguageChoice, type LanguageChoice } from "./language";

export type Language = "en" | "de";
/** The English catalogue is the pattern: other languages have the same keys and arguments. */
export type Catalogue = typeof en;

export const catalogues: Record<Language, Catalogue> = { en, de };
isolateArguments(catalogues);

/** The device's first language, as BCP 47 (`de-AT`). */
export function deviceLocale(): string {
  return Intl.DateTimeFormat().resolvedOptions().locale || "en";
}

/** What the user chose, or the device's language if we speak it, or English. */
export function languageOf(preference: LanguageChoice, locale: string): Language {
  if (preference !== "system") return preference;
  return locale.toLowerCase().startsWith("de") ? "de" : "en";
}

function browserLocale(): string {
  return typeof navigator === "object" && typeof navigator.language === "string"
    ? navigator.language
    : deviceLocale();
}

export function useLanguage(): Language {
  return languageOf(useLanguageChoice(), browserLocale());
}

/** The texts in the language now chosen; the component is rendered again when that changes. */
export function useTexts(): Catalogue {
  return catalogues[useLanguage()];
}

/** The same outside components. Do not keep the answer: the language may change. */
export function texts(): Catalogue {
  return catalogues[languageOf(useLanguageChoice.getState(), browserLocale())];
}

/** The locale for numbers and dates: the device's region as long as it speaks the language chosen. */
export function useLocale(): string {
  const language = useLanguage();
  const locale = browserLocale();
  return locale.toLowerCase().startsWith(language) ? locale : language;
}
