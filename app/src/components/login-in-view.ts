/** Whether the login is over the screens: what is open over one of them waits below it. */

import { create } from "zustand";

export const useLoginInView = create<boolean>()(() => false);
