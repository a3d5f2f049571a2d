/** The texts of passkeys: they come with their screens, not with the app. */

import { PasskeyError } from "../passkey-browser";
import { type Catalogue, type Language, useLanguage } from "./index";
import { passkeys as de } from "./de/passkeys";
import { passkeys as en } from "./en/passkeys";
import { errorText } from "./errors";
import { isolateArguments } from "./isolate";

export type PasskeyTexts = typeof en;

export const passkeyCatalogues: Record<Language, PasskeyTexts> = { en, de };
isolateArguments(passkeyCatalogues);

export function usePasskeyTexts(): PasskeyTexts {
  return passkeyCatalogues[useLanguage()];
}

/** Why there is no passkey, or no valid one. */
export function passkeyErrorText(error: unknown, all: Catalogue, texts: PasskeyTexts): string {
  return error instanceof PasskeyError ? texts.errors[error.refusal] : errorText(error, all);
}
