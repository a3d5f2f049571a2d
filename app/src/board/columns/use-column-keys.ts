/** The keyboard on a column's name: Enter renames, Space picks up and drops, arrows carry. */

import { useEffect } from "react";
import { Platform } from "react-native";
import { pressedKey } from "../../utilities/keys";
import type { ColumnDrag } from "../drag/column-drag";

export function useColumnKeys(drag: ColumnDrag): void {
  useEffect(() => {
    if (Platform.OS !== "web") {
      return undefined;
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) {
        return;
      }
      const name = document.activeElement?.closest<HTMLElement>("[data-column-name]");
      if (!pressed(drag, pressedKey(event), name ?? null)) {
        return;
      }
      // Before anything else learns of it: Space would scroll, Escape close what is open.
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener("keydown", onKey, { capture: true });
    return () => document.removeEventListener("keydown", onKey, { capture: true });
  }, [drag]);
}

/** @returns whether the key meant something */
function pressed(drag: ColumnDrag, key: string, name: HTMLElement | null): boolean {
  const held = drag.held();
  if (held !== null) {
    const arrow = { ArrowLeft: -1, ArrowRight: 1 } as const;
    if (key === "Escape") {
      drag.cancel();
    } else if (held.by === "keyboard" && (key === " " || key === "Enter")) {
      drag.drop();
    } else if (held.by === "keyboard" && (key === "ArrowLeft" || key === "ArrowRight")) {
      drag.step(arrow[key]);
    } else {
      return held.by === "keyboard" && key.startsWith("Arrow");
    }
    return true;
  }
  if (name === null || (key !== "Enter" && key !== " ")) {
    return false;
  }
  if (key === "Enter") {
    name.click();
  } else {
    drag.pickUp(name.dataset["columnName"] ?? "");
  }
  return true;
}
