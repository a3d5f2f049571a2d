/** What stays usable over every dialog: on phones simply what is drawn last. */

import type { ReactNode } from "react";

export function TopLayer({ children }: { readonly children: ReactNode }) {
  return children;
}

/** The page keeps so much room below it, in pixels: on phones what is drawn takes its own. */
export function keepRoom(_: number): void {}
