/** What stays usable over every dialog: it is beside the page, which dialogs make inert. */

import { useEffect, useState, type ReactNode } from "react";
import { createPortal } from "react-dom";

export function TopLayer({ children }: { readonly children: ReactNode }) {
  const [element] = useState(() => {
    const made = document.createElement("div");
    made.className = "top-layer";
    return made;
  });
  useEffect(() => {
    document.body.appendChild(element);
    return () => element.remove();
  }, [element]);
  return createPortal(children, element);
}

/** The page keeps so much room below it, in pixels. */
export function keepRoom(height: number): void {
  document.documentElement.style.setProperty("--below", `${height}px`);
}
