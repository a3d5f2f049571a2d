/** What can be done to boards in their list; the lists are read again after each. */

import { useQueryClient } from "@tanstack/react-query";
import type { BoardImport, ImportedBoard } from "../generated/api";
import { boards, quickWin, RequestError } from "../utilities/request";
import { boardService } from "./board-service";
import { useChange, useRowChange } from "./change";
import { importOnce } from "./import-once";
import { forgetBoard } from "./open-boards";
import { keys } from "./queries";
import type { BoardService, Mode } from "../sync";
import { firstColumns } from "./first-columns";

/** A mutation after which every list of boards is asked for again. */
function useThenLists<Variables, Result>(mutationFn: (variables: Variables) => Promise<Result>) {
  const client = useQueryClient();
  return { mutationFn, onSettled: () => client.invalidateQueries({ queryKey: keys.allBoards }) };
}

function useFormChange<Variables, Result>(change: (variables: Variables) => Promise<Result>) {
  return useChange(useThenLists(change));
}

function useListChange<Variables, Result>(change: (variables: Variables) => Promise<Result>) {
  return useRowChange(useThenLists(change));
}

export interface NewBoardDetails {
  readonly name: string;
  /** Teams only. */
  readonly description: string;
  /** The same for each try of the same board, so that none is made twice. */
  readonly key: string;
}

/** Gives the new board's id. */
export function useCreateBoard(mode: Mode) {
  return useFormChange(async ({ name, description, key }: NewBoardDetails) => {
    if (mode === "quick-win") {
      return (await quickWin.create({ name }, { key })).id;
    }
    const columns = [...firstColumns()];
    const details = description === "" ? { name, columns } : { name, description, columns };
    return (await boards.create(details, { key })).id;
  });
}

/** What is known of a board's name. */
export interface NamedBoard {
  readonly name: string;
  readonly version: number;
}

/** Somebody named the board otherwise since its renaming was begun. */
export class NamedMeanwhile extends Error {
  constructor(readonly now: NamedBoard) {
    super("the board has another name by now");
  }
}

export interface Renaming {
  readonly id: number;
  readonly name: string;
  /** Its name when the change was begun. */
  readonly begunOn: string;
  /** As last known. */
  readonly known: NamedBoard;
}

/** Other changes of the board may come in between so often. */
const MOST_TRIES = 4;

/** Gives a board another name. @throws NamedMeanwhile nothing was changed */
export function useRenameBoard(mode: Mode) {
  return useFormChange(({ id, ...renaming }: Renaming) =>
    rename(boardService({ mode, id }), renaming),
  );
}

async function rename(
  service: BoardService,
  { name, begunOn, known }: Omit<Renaming, "id">,
): Promise<void> {
  let now = known;
  for (let tries = 1; now.name !== name; tries += 1) {
    if (now.name !== begunOn) {
      throw new NamedMeanwhile(now);
    }
    try {
      await service.changeBoard({ name }, now.version);
      return;
    } catch (error) {
      const isOther = error instanceof RequestError && error.status === 412;
      if (!isOther || tries === MOST_TRIES) throw error;
    }
    now = await service.readHead();
  }
}

export function useArchiveBoard() {
  return useListChange(
    async ({ id, archived }: { readonly id: number; readonly archived: boolean }) => {
      await boards.change(id, { archived });
    },
  );
}

/** In teams the board goes to the trash, in quick-win mode it is gone. */
export function useDeleteBoard(mode: Mode) {
  return useListChange(async (id: number) => {
    await (mode === "teams" ? boards.delete(id) : quickWin.delete(id));
    await forgetBoard({ mode, id });
  });
}

export function useRestoreBoard() {
  return useListChange((id: number) => boards.restore(id));
}

export interface ImportDetails {
  readonly document: BoardImport;
  /** Gives the request up; what the server has of it by then, it may do anyway. */
  readonly signal: AbortSignal;
}

export function useImportBoard() {
  return useFormChange(({ document, signal }: ImportDetails): Promise<ImportedBoard> =>
    importOnce(document, (key) => boards.import(document, { key }, signal)),
  );
}
