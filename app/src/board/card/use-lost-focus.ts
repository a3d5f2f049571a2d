/** Where the keyboard goes when others move or delete the card that has it (WCAG 2.4.3). */

import { useEffect } from "react";
import type { TaskId } from "../../sync";
import { keepFocus } from "../../utilities/focus";
import type { CardFocus } from "./card-focus";
import type { DragController } from "../drag/drag-controller";
import { neighbour } from "./neighbour";

/** How long a card that went from one place is waited for at another, in milliseconds. */
const SOON = 50;

/** Along with a card that is moved; to the card beside one that is gone. */
export function useLostFocus(focus: CardFocus, drag: DragController): void {
  useEffect(() => {
    const placeOf = (id: TaskId) => {
      const column = drag.geometry().find(({ layout }) => layout.ids.includes(id));
      return column && `${column.key}/${column.layout.ids.indexOf(id)}`;
    };
    focus.onLost((id) => {
      // The board is still laid out as it was.
      const old = placeOf(id);
      const columns = drag.geometry();
      const beside =
        neighbour(columns, id, "down") ??
        neighbour(columns, id, "up") ??
        neighbour(columns, id, "right") ??
        neighbour(columns, id, "left");
      setTimeout(() => {
        const now = placeOf(id);
        if (document.activeElement !== document.body) {
          return;
        }
        if (now !== undefined) {
          if (now === old) {
            // The person has scrolled away from it.
            return;
          }
          focus.focus(id);
        } else if (beside !== null && placeOf(beside) !== undefined) {
          focus.focus(beside);
        } else {
          keepFocus();
        }
      }, SOON);
    });
    return () => focus.onLost(null);
  }, [focus, drag]);
}
