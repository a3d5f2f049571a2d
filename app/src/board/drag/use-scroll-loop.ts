/** While something is held by the pointer, lists near whose edge it is scroll by themselves. */

import { useEffect, useSyncExternalStore } from "react";
/** A drag of cards, or of columns. */
interface Drag {
  subscribe(listener: () => void): () => void;
  held(): { readonly by: "pointer" | "keyboard" } | null;
  scrollFrame(): void;
}

export function useScrollLoop(drag: Drag): void {
  const by = () => drag.held()?.by ?? null;
  const held = useSyncExternalStore(drag.subscribe, by, by);
  useEffect(() => {
    if (held !== "pointer") {
      return undefined;
    }
    let frame = requestAnimationFrame(function next() {
      drag.scrollFrame();
      frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  }, [drag, held]);
}
