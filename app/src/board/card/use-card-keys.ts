/** The keyboard on cards: Space picks up and drops, arrows carry, or go from card to card. */

import { useEffect } from "react";
import { Platform } from "react-native";
import type { TaskId } from "../../sync";
import { cardKeyOf } from "../board-keys";
import type { DragController } from "../drag/drag-controller";

/** The card that has the focus, on the web; else null. */
export function focusedCard(): TaskId | null {
  if (Platform.OS !== "web") {
    return null;
  }
  const id = document.activeElement?.getAttribute("data-card");
  return id === null || id === undefined ? null : Number(id);
}

/**
 * @param columnOf the column of a task
 * @param go moves the focus to a neighbour
 */
export function useCardKeys(
  drag: DragController,
  columnOf: (id: TaskId) => string | null,
  go: (from: TaskId, direction: "up" | "down" | "left" | "right") => void,
): void {
  useEffect(() => {
    if (Platform.OS !== "web") {
      return undefined;
    }
    const onKey = (event: KeyboardEvent) => {
      const held = drag.held();
      const id = focusedCard();
      const command = cardKeyOf(event, held?.by ?? null, id !== null);
      if (command === null) {
        return;
      }
      // Before anything else learns of it: Space would press the card, Escape close what is open.
      event.preventDefault();
      event.stopPropagation();
      if (command === "cancel") {
        drag.cancel();
      } else if (command === "drop") {
        drag.drop();
      } else if (command === "pick-up") {
        const status = id === null ? null : columnOf(id);
        if (id !== null && status !== null) {
          drag.pickUp(id, status);
        }
      } else if (held) {
        drag.step(command);
      } else if (id !== null) {
        go(id, command);
      }
    };
    document.addEventListener("keydown", onKey, { capture: true });
    return () => document.removeEventListener("keydown", onKey, { capture: true });
  }, [drag, columnOf, go]);
}
