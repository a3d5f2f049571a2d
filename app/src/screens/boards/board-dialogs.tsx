/** The dialogs of the list: a new board, and another name for one. */

import { useRef, useState } from "react";
import { Button, Dialog, TextField, type Focusable } from "../../components";
import { Collision } from "../../board/trouble/collision";
import {
  NamedMeanwhile,
  useCreateBoard,
  useRenameBoard,
  type NamedBoard,
} from "../../state/board-list";
import { useDraft } from "../../state/drafts";
import type { ListedBoard } from "../../state/queries";
import type { Mode } from "../../sync";
import { lengthFault } from "../../utilities/checks";
import { LIMITS } from "../../utilities/limits";
import { fieldErrors } from "../../utilities/request";
import { useTexts, type Catalogue } from "../../utilities/texts";
import { errorText } from "../../utilities/texts/errors";
import { useKeyOf } from "../../utilities/key-of";
import { canBeSeen, seenLine } from "../../utilities/visible";

/** What is typed for a new board is kept as a draft: there is no board yet that it could belong to. */
const noBoardYet = (mode: Mode) => ({ mode, id: 0 });

function boardNameFault(name: string, texts: Catalogue): string | undefined {
  return canBeSeen(name) ? lengthFault(name, LIMITS.boardName, texts) : texts.boards.nameMissing;
}

interface NewBoard {
  readonly name: string;
  readonly description: string;
}

/** What is typed for a new board, what is wrong with it, and what makes it. */
function useNewBoard(mode: Mode, onDone: (id: number) => void) {
  const texts = useTexts();
  const create = useCreateBoard(mode);
  const name = useDraft({ address: noBoardYet(mode), task: null, field: "name" }, "");
  const description = useDraft({ address: noBoardYet(mode), task: null, field: "description" }, "");
  const [tried, setTried] = useState(false);
  const keyOf = useKeyOf<NewBoard>();
  const faults = fieldErrors(create.error);
  const nameFault = boardNameFault(name.value, texts);
  const textFault = lengthFault(description.value, LIMITS.description, texts);
  const discard = () => {
    name.clear();
    description.clear();
  };
  const submit = () => {
    setTried(true);
    if (nameFault !== undefined || textFault !== undefined) return;
    const board = { name: seenLine(name.value), description: description.value.trim() };
    const saved = () => {
      name.saved(name.value);
      description.saved(description.value);
    };
    // Also where the dialog was closed meanwhile: what is made is no draft any more.
    const made = create.mutateAsync({ ...board, key: keyOf(board) }, { onSuccess: onDone });
    void made.then(saved, () => undefined);
  };
  const general =
    create.error !== null && Object.keys(faults).length === 0
      ? errorText(create.error, texts)
      : undefined;
  return {
    name,
    nameError: (tried ? nameFault : undefined) ?? faults["name"] ?? general,
    description,
    descriptionError: textFault ?? faults["description"],
    busy: create.isPending,
    submit,
    discard,
  };
}

export function NewBoardDialog({
  mode,
  onDone,
  onClose,
}: {
  readonly mode: Mode;
  /** Called with the new board's id. */
  readonly onDone: (id: number) => void;
  readonly onClose: () => void;
}) {
  const { boards, kit } = useTexts();
  const board = useNewBoard(mode, onDone);
  const { name, description, submit } = board;
  return (
    <Dialog
      title={boards.createTitle}
      onClose={onClose}
      actions={
        <>
          <Button
            label={kit.cancel}
            onPress={() => {
              board.discard();
              onClose();
            }}
          />
          <Button kind="primary" label={boards.add} busy={board.busy} onPress={submit} />
        </>
      }
    >
      <TextField
        label={boards.name}
        value={name.value}
        onChangeText={name.set}
        error={board.nameError}
        autoFocus
        required
        onSubmit={submit}
      />
      {mode === "teams" && (
        <TextField
          label={boards.description}
          value={description.value}
          onChangeText={description.set}
          error={board.descriptionError}
          lines={3}
          optional
        />
      )}
    </Dialog>
  );
}

export function RenameBoardDialog({
  mode,
  board,
  onClose,
}: {
  readonly mode: Mode;
  readonly board: ListedBoard;
  readonly onClose: () => void;
}) {
  const texts = useTexts();
  const { boards, kit } = texts;
  const rename = useRenameBoard(mode);
  const [known, setKnown] = useState<NamedBoard>(board);
  const field = useRef<Focusable>(null);
  const draft = useDraft(
    { address: { mode, id: board.id }, task: null, field: "name" },
    known.name,
  );
  const name = draft.value;
  const fault = boardNameFault(name, texts);
  const [tried, setTried] = useState(false);
  const discard = () => {
    draft.clear();
    onClose();
  };
  const submit = () => {
    setTried(true);
    if (fault !== undefined || draft.theirsChanged) return;
    const renaming = { id: board.id, name: seenLine(name), begunOn: draft.base, known };
    const renamed = rename.mutateAsync(renaming, {
      onSuccess: onClose,
      onError: (error) => {
        if (error instanceof NamedMeanwhile) setKnown(error.now);
      },
    });
    void renamed.then(
      () => draft.saved(name),
      () => undefined,
    );
  };
  const keepMine = () => {
    draft.rebase();
    field.current?.focus();
  };
  const refused =
    rename.error === null || rename.error instanceof NamedMeanwhile
      ? undefined
      : (fieldErrors(rename.error)["name"] ?? errorText(rename.error, texts));
  return (
    <Dialog
      title={boards.renameTitle}
      onClose={onClose}
      actions={
        <>
          <Button label={kit.cancel} onPress={discard} />
          <Button
            kind="primary"
            label={kit.save}
            busy={rename.isPending}
            disabled={draft.theirsChanged}
            onPress={submit}
          />
        </>
      }
    >
      <TextField
        ref={field}
        label={boards.name}
        value={name}
        onChangeText={draft.set}
        error={(tried ? fault : undefined) ?? refused}
        autoFocus
        required
        onSubmit={submit}
      />
      {draft.theirsChanged && (
        <Collision mine={name} theirs={known.name} onKeepMine={keepMine} onTakeTheirs={discard} />
      )}
    </Dialog>
  );
}
