/** What stays usable over every dialog: on phones simply what is drawn last. */

import type { ReactNode } from "react";

export function TopLayer({ children }: { readonly children: ReactNode }) {
  return children;
}
