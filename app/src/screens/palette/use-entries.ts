/** Boards, cards and actions of the moment, for the command palette. */

import { useEffect, useMemo, useState } from "react";
import { currentPath, open, startAt } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { useMe } from "../../state/account";
import { holdBoard, openBoard } from "../../state/open-boards";
import { useBoards } from "../../state/queries";
import type { BoardAddress, Mode } from "../../sync";
import { type Shortcut, useShortcutGroups } from "../../utilities/shortcuts";
import { useTexts } from "../../utilities/texts";
import { usePaletteTexts } from "../../utilities/texts/palette";
import type { Entry } from "./entries";

export function useEntries(): readonly Entry[] {
  const [path] = useState(currentPath);
  const boards = useBoardEntries(path.startsWith("/quick-win") ? "quick-win" : "teams");
  const cards = useCardEntries(path);
  const actions = useActionEntries();
  return useMemo(() => [...boards, ...cards, ...actions], [boards, cards, actions]);
}

function useBoardEntries(mode: Mode): readonly Entry[] {
  const { data, hasNextPage, isFetching, fetchNextPage } = useBoards(mode);
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  return useMemo(() => {
    const boards = data?.pages.flatMap(({ items }) => items) ?? [];
    return boards.map(({ id, name, description }): Entry => {
      const note = description.split("\n", 1)[0] ?? "";
      const run = () => open(paths.board({ mode, id }));
      return { group: "boards", id: `board-${id}`, icon: "board", label: name, note, run };
    });
  }, [data, mode]);
}

/** Those of the board in view, as this device has them. */
function useCardEntries(path: string): readonly Entry[] {
  const [address] = useState(() => boardOf(path));
  useEffect(() => (address === null ? undefined : holdBoard(address)), [address]);
  return useMemo(() => {
    if (address === null) return [];
    const board = openBoard(address);
    const columns = board.head()?.columns ?? [];
    return board.tasks().map(({ id, title, status }): Entry => {
      const column = columns.find(({ key }) => key === status)?.name ?? status;
      const note = id > 0 ? `#${id} · ${column}` : column;
      const run = () => open(paths.task(address, id));
      return { group: "cards", id: `card-${id}`, icon: "check", label: title, note, run };
    });
  }, [address]);
}

/** A timeline may be of a board that its reader, an admin, may only see as it was. */
function boardOf(path: string): BoardAddress | null {
  const [, quickWin, id] = /^(\/quick-win)?\/boards\/(\d+)(?!\d|\/timeline)/u.exec(path) ?? [];
  return id === undefined
    ? null
    : { mode: quickWin === undefined ? "teams" : "quick-win", id: Number(id) };
}

/** What can be done here, and where one can go from anywhere. */
function useActionEntries(): readonly Entry[] {
  const { shell, shortcuts: words } = useTexts();
  const texts = usePaletteTexts();
  const groups = useShortcutGroups();
  const me = useMe();
  return useMemo(() => {
    const action = (id: string, icon: Entry["icon"], label: string, run: () => void): Entry => ({
      group: "actions",
      id,
      icon,
      label,
      note: "",
      run,
    });
    const names: Readonly<Record<string, string>> = words.keys;
    const keysOf = ({ keys }: Shortcut) =>
      keys
        .split(/\+(?=.)/u)
        .map((key) => names[key] ?? key.toUpperCase())
        .join(" ");
    const here = [...groups].reverse().flatMap(({ title, shortcuts }) =>
      shortcuts.flatMap((shortcut): Entry[] => {
        const { keys, label, run, onFocused = false } = shortcut;
        return run === undefined || onFocused || label === words.palette
          ? []
          : [{ ...action(`${title}-${keys}`, "bolt", label, run), note: keysOf(shortcut) }];
      }),
    );
    const away = [
      ...(me ? [action("boards", "board", texts.toBoards, () => startAt("/boards"))] : []),
      action("quick-win", "bolt", shell.quickWin, () => startAt("/quick-win")),
      action("profile", "person", shell.profile, () => open(paths.profile)),
      ...(me?.role === "admin"
        ? [action("admin", "activity", shell.admin, () => open(paths.admin))]
        : []),
      ...(me ? [] : [action("log-in", "person", shell.logIn, () => open(paths.login()))]),
    ];
    return [...here, ...away];
  }, [groups, me, shell, texts, words]);
}
