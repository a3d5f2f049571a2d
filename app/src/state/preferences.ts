/** What a user prefers on this device: theme, language, and on phones the server. Kept on the device. */

import AsyncStorage from "@react-native-async-storage/async-storage";
import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";
import { useSchemeChoice, type SchemeChoice } from "../theme/scheme";
import type { Store } from "../utilities/storage";
import { useLanguageChoice, type LanguageChoice } from "../utilities/texts/language";
import type { Mode } from "../sync";

export interface Preferences {
  readonly theme: SchemeChoice;
  readonly language: LanguageChoice;
  /** What `/` shows: the boards of the mode last chosen; `null`: nothing is chosen yet. */
  readonly mode: Mode | null;
  setTheme(theme: SchemeChoice): void;
  setLanguage(language: LanguageChoice): void;
  setMode(mode: Mode | null): void;
}

/** @throws where the browser forbids storage: then preferences last as long as the page */
function deviceStorage() {
  return typeof localStorage === "undefined" ? AsyncStorage : localStorage;
}

const NAME = "preferences";

/** Whether the device was asked once. */
let isRead = false;

/** Takes over what another tab sets, but for what `/` shows: somebody may be at work there. @returns what ends that */
export function followPreferences(store: Store): () => void {
  return store.watch((key) => key === NAME && void usePreferences.persist.rehydrate());
}

/** The store; on the web it is in localStorage, on phones in AsyncStorage. */
export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      theme: "system",
      language: "system",
      mode: null,
      setTheme: (theme) => set({ theme }),
      setLanguage: (language) => set({ language }),
      setMode: (mode) => set({ mode }),
    }),
    {
      name: `taskboard/${NAME}`,
      version: 1,
      // On the web reading at once spares the first paint from showing the other theme.
      storage: createJSONStorage(deviceStorage),
      partialize: ({ theme, language, mode }) => ({ theme, language, mode }),
      merge: (kept, current) => {
        const mode = isRead ? { mode: current.mode } : {};
        isRead = true;
        return { ...current, ...(kept as Partial<Preferences> | undefined), ...mode };
      },
    },
  ),
);

/** Tells those below, who know nothing of preferences. */
function handDown({ theme, language }: Preferences): void {
  useSchemeChoice.setState(theme, true);
  useLanguageChoice.setState(language, true);
}

handDown(usePreferences.getState());
usePreferences.subscribe(handDown);
