/** The dialogs of the list: a new board, and another name for one. */

import { useState } from "react";
import { Button, Dialog, TextField } from "../../components";
import { useCreateBoard, useRenameBoard } from "../../state/board-list";
import type { ListedBoard } from "../../state/queries";
import type { Mode } from "../../state/types";
import { fieldErrors } from "../../utilities/request";
import { useTexts } from "../../utilities/texts";
import { errorText } from "../../utilities/texts/errors";
import { uniqueId } from "../../utilities/unique-id";

export function NewBoardDialog({
  mode,
  onDone,
  onClose,
}: {
  readonly mode: Mode;
  /** Told the new board's id. */
  readonly onDone: (id: number) => void;
  readonly onClose: () => void;
}) {
  const texts = useTexts();
  const { boards, kit } = texts;
  const create = useCreateBoard(mode);
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [tried, setTried] = useState(false);
  const [key] = useState(uniqueId);
  const faults = fieldErrors(create.error);
  const submit = () => {
    setTried(true);
    if (name.trim() === "" || create.isPending) return;
    create.mutate(
      { name: name.trim(), description: description.trim(), key },
      { onSuccess: onDone },
    );
  };
  const missing = tried && name.trim() === "" ? boards.nameMissing : undefined;
  const general =
    create.error !== null && Object.keys(faults).length === 0
      ? errorText(create.error, texts)
      : undefined;
  return (
    <Dialog
      title={boards.createTitle}
      onClose={onClose}
      actions={
        <>
          <Button label={kit.cancel} onPress={onClose} />
          <Button kind="primary" label={boards.add} busy={create.isPending} onPress={submit} />
        </>
      }
    >
      <TextField
        label={boards.name}
        value={name}
        onChangeText={setName}
        error={missing ?? faults["name"] ?? general}
        autoFocus
        required
        onSubmit={submit}
      />
      {mode === "teams" && (
        <TextField
          label={boards.description}
          value={description}
          onChangeText={setDescription}
          error={faults["description"]}
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
  const [name, setName] = useState(board.name);
  const [tried, setTried] = useState(false);
  const submit = () => {
    setTried(true);
    if (name.trim() === "" || rename.isPending) return;
    rename.mutate({ id: board.id, name: name.trim() }, { onSuccess: onClose });
  };
  const missing = tried && name.trim() === "" ? boards.nameMissing : undefined;
  const refused =
    rename.error === null
      ? undefined
      : (fieldErrors(rename.error)["name"] ?? errorText(rename.error, texts));
  return (
    <Dialog
      title={boards.renameTitle}
      onClose={onClose}
      actions={
        <>
          <Button label={kit.cancel} onPress={onClose} />
          <Button kind="primary" label={kit.save} busy={rename.isPending} onPress={submit} />
        </>
      }
    >
      <TextField
        label={boards.name}
        value={name}
        onChangeText={setName}
        error={missing ?? refused}
        autoFocus
        required
        onSubmit={submit}
      />
    </Dialog>
  );
}
