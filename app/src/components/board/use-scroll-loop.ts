/** While a card is held by the pointer, lists near whose edge it is scroll by themselves. */

import { useEffect, useSyncExternalStore } from "react";
import type { DragController } from "./drag-controller";

export function useScrollLoop(drag: DragController): void {
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
