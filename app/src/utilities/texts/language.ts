/** Which language was chosen: the preferences hand it in, and every text asks for it. */

import { create } from "zustand";

/** `system`: the device's. */
export type LanguageChoice = "system" | "en" | "de";

export const useLanguageChoice = create<LanguageChoice>()(() => "system");
