/** The texts of logging in by a provider: they come with its buttons, not with the app. */

import { type Language, useLanguage } from "./index";
import { isolateArguments } from "./isolate";
import { signIn as de } from "./de/sign-in";
import { signIn as en } from "./en/sign-in";

export type SignInTexts = typeof en;

export const signInCatalogues: Record<Language, SignInTexts> = { en, de };
isolateArguments(signInCatalogues);

export function useSignInTexts(): SignInTexts {
  return signInCatalogues[useLanguage()];
}
