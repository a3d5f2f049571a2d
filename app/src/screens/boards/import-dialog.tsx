/** Makes a board of a file: an export of ours or of Trello. What could not be carried over is told. */

import { useRef, useState } from "react";
import { StyleSheet, View } from "react-native";
import { Banner, Button, Dialog, Spinner, Text, TextField, toast } from "../../components";
import type { ImportedBoard } from "../../generated/api";
import { IMPORT_LIMIT, parseImport, useImportBoard } from "../../state/board-list";
import { spacing } from "../../theme";
import { canPickFiles, pickFile } from "../../utilities/files";
import { RequestError } from "../../utilities/request";
import { useTexts } from "../../utilities/texts";
import { errorText } from "../../utilities/texts/errors";
import { useFormats } from "../../utilities/texts/formats";
import { uniqueId } from "../../utilities/unique-id";

interface Props {
  readonly onOpen: (board: ImportedBoard) => void;
  readonly onClose: () => void;
}

/** Reads a file or a text, and sends it where it is a board. */
function useImport() {
  const texts = useTexts();
  const { boards } = texts;
  const formats = useFormats();
  const importing = useImportBoard();
  const [fault, setFault] = useState<string | null>(null);
  const [name, setName] = useState("");
  const sent = useRef<AbortController | null>(null);

  const start = (label: string, text: string) => {
    const file = parseImport(text);
    setName(label);
    importing.reset();
    if (file.kind === "board") {
      setFault(null);
      const { signal } = (sent.current = new AbortController());
      importing.mutate({ document: file.document, key: uniqueId(), signal });
    } else if (file.kind === "not-board") {
      setFault(boards.importNotBoard(formats.list(file.missing)));
    } else {
      setFault(boards.importNotJson);
    }
  };
  const choose = async () => {
    const file = await pickFile(".json,application/json");
    if (file === null) return;
    importing.reset();
    if (file.size > IMPORT_LIMIT) setFault(boards.importTooLarge);
    else start(file.name, await file.text());
  };

  /** Stops what runs. It was sent, so the board may come to be all the same: that is told. */
  const cancel = () => {
    if (!importing.isPending) return;
    sent.current?.abort();
    toast(boards.importStopped(name), { tone: "warning" });
  };

  const { error } = importing;
  const told = error instanceof RequestError && error.errors.length > 0 ? error.detail : null;
  return {
    start,
    choose,
    cancel,
    name,
    importing,
    /** What is wrong with the file as a whole. */
    error: fault ?? told ?? (error === null ? null : errorText(error, texts)),
  };
}

export function ImportDialog({ onOpen, onClose }: Props) {
  const { boards, kit } = useTexts();
  const { start, choose, cancel, name, importing, error } = useImport();
  const [pasted, setPasted] = useState("");
  const board = importing.data;
  const close = () => {
    cancel();
    onClose();
  };
  return (
    <Dialog
      title={boards.importTitle}
      onClose={close}
      actions={
        board === undefined ? (
          <>
            <Button label={kit.cancel} onPress={close} />
            {canPickFiles ? (
              <Button
                kind="primary"
                icon="upload"
                label={boards.importChoose}
                busy={importing.isPending}
                onPress={() => void choose()}
              />
            ) : (
              <Button
                kind="primary"
                label={boards.import}
                disabled={pasted.trim() === ""}
                busy={importing.isPending}
                onPress={() => start(boards.importPaste, pasted)}
              />
            )}
          </>
        ) : (
          <>
            <Button label={kit.close} onPress={onClose} />
            <Button kind="primary" label={boards.openBoard} onPress={() => onOpen(board)} />
          </>
        )
      }
    >
      {board === undefined ? (
        <>
          <Text>{boards.importText}</Text>
          {!canPickFiles && (
            <TextField
              label={boards.importPaste}
              value={pasted}
              onChangeText={setPasted}
              lines={8}
            />
          )}
          {importing.isPending && (
            <View style={styles.line} role="status">
              <Spinner />
              <Text>{boards.importBusy(name)}</Text>
            </View>
          )}
          {error !== null && <Banner tone="danger">{error}</Banner>}
          <Faults error={importing.error} />
        </>
      ) : (
        <Result board={board} />
      )}
    </Dialog>
  );
}

/** Where in the file the server found what it refuses. */
function Faults({ error }: { readonly error: unknown }) {
  if (!(error instanceof RequestError) || error.errors.length === 0) return null;
  return (
    <View style={styles.list}>
      {error.errors.slice(0, 20).map(({ pointer, detail }) => (
        <Text key={pointer + detail} variant="small">
          {`${pointer} ${detail}`}
        </Text>
      ))}
    </View>
  );
}

function Result({ board }: { readonly board: ImportedBoard }) {
  const { boards } = useTexts();
  return (
    <>
      <Banner tone="success">{boards.importDone(board.name)}</Banner>
      {board.warnings.length > 0 && (
        <View style={styles.list}>
          <Text variant="label">{boards.importWarnings(board.warnings.length)}</Text>
          {board.warnings.map(({ pointer, detail }) => (
            <Text key={pointer + detail} variant="small">
              {`${pointer} ${detail}`}
            </Text>
          ))}
        </View>
      )}
    </>
  );
}

const styles = StyleSheet.create({
  line: { flexDirection: "row", alignItems: "center", gap: spacing.m },
  list: { gap: spacing.xs },
});
