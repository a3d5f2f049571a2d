/** Which look was chosen: the preferences hand it in. */

import { create } from "zustand";

/** `system`: the device's. */
export type SchemeChoice = "system" | "light" | "dark";

export const useSchemeChoice = create<SchemeChoice>()(() => "system");
