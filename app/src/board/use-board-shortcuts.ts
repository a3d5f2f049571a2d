/** The board's keys, for the app's shortcuts and its help sheet. */

import { useIsFocused } from "@react-navigation/native";
import { useCallback, useEffect } from "react";
import { useShortcuts, type Shortcut } from "../components";
import type { BoardParts } from "./board-context";
import { deleteCard } from "./card/delete-card";
import { neighbour, type Direction } from "./card/neighbour";
import { focusedCard, useCardKeys } from "./card/use-card-keys";
import { useLostFocus } from "./card/use-lost-focus";
import type { TaskId } from "../sync";
import { useTexts } from "../utilities/texts";

interface BoardActions {
  readonly add: () => void;
  /** `null`: there is nothing to search with. */
  readonly search: (() => void) | null;
  /** The keys that undo and do again. */
  readonly undoing: readonly Shortcut[];
}

export function useBoardShortcuts(parts: BoardParts, actions: BoardActions): void {
  const { board, drag, focus, commands, mayEdit } = parts;
  const texts = useTexts().board.keys;
  const inView = useIsFocused();
  const go = useCallback(
    (from: TaskId | null, direction: Direction) => {
      const next = neighbour(drag.geometry(), from, direction);
      if (next !== null) {
        focus.focus(next);
      }
    },
    [drag, focus],
  );
  const columnOf = useCallback((id: TaskId) => board.task(id)?.status ?? null, [board]);
  useCardKeys(drag, columnOf, go);
  useEffect(() => {
    focus.onReveal((id) => drag.reveal(id));
    return () => focus.onReveal(null);
  }, [focus, drag]);
  useLostFocus(focus, drag);
  const onCard = (run: (id: TaskId) => void) => () => {
    const id = focusedCard();
    if (id !== null) {
      run(id);
    }
  };
  const changing = [
    { keys: "n", label: texts.newTask, run: actions.add },
    { keys: "m", label: texts.moveTo, run: onCard(commands.moveTo), onFocused: true },
    { keys: "e", label: texts.edit, run: onCard(commands.edit), onFocused: true },
    {
      keys: "Delete",
      label: texts.delete,
      run: onCard((id) => deleteCard(parts, id)),
      onFocused: true,
    },
    // Taken on cards only, so that elsewhere it presses buttons.
    { keys: " ", label: texts.pickUp },
  ];
  useShortcuts(
    {
      title: texts.title,
      shortcuts: [
        ...(actions.search === null
          ? []
          : [{ keys: "/", label: texts.search, run: actions.search }]),
        {
          keys: "ArrowDown",
          also: ["ArrowLeft", "ArrowRight", "ArrowUp"],
          label: texts.arrows,
          run: () => go(null, "down"),
          onFocused: true,
        },
        // A card is a button: it opens by itself.
        { keys: "Enter", label: texts.open },
        ...(mayEdit ? changing : []),
        ...(mayEdit ? actions.undoing : []),
      ],
    },
    inView,
  );
}
