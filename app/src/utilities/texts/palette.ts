/** The texts of the command palette: they come with it, not with the app. */

import { type Language, useLanguage } from "./index";
import { isolateArguments } from "./isolate";
import { palette as de } from "./de/palette";
import { palette as en } from "./en/palette";

export const paletteCatalogues: Record<Language, typeof en> = { en, de };
isolateArguments(paletteCatalogues);

export function usePaletteTexts(): typeof en {
  return paletteCatalogues[useLanguage()];
}
