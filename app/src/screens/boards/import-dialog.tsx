/** Makes a board of a file: an export of ours or of Trello. What could not be carried over is listed. */

import { useRef, useState } from "react";
import { StyleSheet, View } from "react-native";
import { Banner, Button, Dialog, Spinner, Text, TextField, toast } from "../../components";
import type { ImportedBoard } from "../../generated/api";
import { useImportBoard } from "../../state/board-list";
import { type ImportFile, parseImport, READ_LIMIT, readImportFile } from "../../state/import-file";
import { spacing } from "../../theme";
import { canPickFiles, pickFile } from "../../utilities/files";
import { RequestError } from "../../utilities/request";
import { useTexts } from "../../utilities/texts";
import { errorText } from "../../utilities/texts/errors";
import { faultText } from "../../utilities/texts/import-faults";
import { useFormats } from "../../utilities/texts/formats";
import { useImportsTexts } from "../../utilities/texts/imports";
import { ImportWarnings } from "./import-warnings";

export interface ImportDialogProps {
  readonly onOpen: (board: ImportedBoard) => void;
  readonly onClose: () => void;
}

/** What is wrong with a file, in a sentence; `null` where nothing is. */
function useFault(): (file: ImportFile) => string | null {
  const imports = useImportsTexts();
  const formats = useFormats();
  return (file) => {
    switch (file.kind) {
      case "board":
        return null;
      case "not-board":
        return imports.notBoard(formats.list(file.missing));
      case "too-large":
        return imports.tooLarge(formats.number(Math.ceil(file.bytes / 1024 / 1024)));
      case "other":
        return imports.other[file.other];
    }
  };
}

/** Reads a file or a text, and sends it where it is a board. */
function useImport() {
  const texts = useTexts();
  const imports = useImportsTexts();
  const faultOf = useFault();
  const importing = useImportBoard();
  const [fault, setFault] = useState<string | null>(null);
  const [name, setName] = useState("");
  const sent = useRef<AbortController | null>(null);

  const start = (label: string, file: ImportFile) => {
    setName(label);
    importing.reset();
    setFault(faultOf(file));
    if (file.kind === "board") {
      const { signal } = (sent.current = new AbortController());
      importing.mutate({ document: file.document, signal });
    }
  };
  const choose = async () => {
    const file = await pickFile(".json,application/json");
    if (file === null) return;
    const { name: label, size } = file;
    if (size > READ_LIMIT) start(label, { kind: "too-large", bytes: size });
    else start(label, readImportFile(new Uint8Array(await file.arrayBuffer())));
  };

  /** Stops what runs. It was sent, so the board may be created anyway: that is said. */
  const cancel = () => {
    if (!importing.isPending) return;
    sent.current?.abort();
    toast(imports.stopped(name), { tone: "warning" });
  };

  const { error } = importing;
  const told =
    error instanceof RequestError && error.errors.length > 0
      ? imports.refused(error.errors.length)
      : null;
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

export function ImportDialog({ onOpen, onClose }: ImportDialogProps) {
  const { boards, kit } = useTexts();
  const imports = useImportsTexts();
  const { start, choose, cancel, name, importing, error } = useImport();
  const [pasted, setPasted] = useState("");
  const board = importing.data;
  const close = () => {
    cancel();
    onClose();
  };
  return (
    <Dialog
      title={imports.title}
      onClose={close}
      actions={
        board === undefined ? (
          <>
            <Button label={kit.cancel} onPress={close} />
            {canPickFiles ? (
              <Button
                kind="primary"
                icon="upload"
                label={imports.choose}
                busy={importing.isPending}
                onPress={() => void choose()}
              />
            ) : (
              <Button
                kind="primary"
                label={boards.import}
                disabled={pasted.trim() === ""}
                busy={importing.isPending}
                onPress={() => start(imports.paste, parseImport(pasted))}
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
          <Text>{imports.text}</Text>
          {!canPickFiles && (
            <TextField label={imports.paste} value={pasted} onChangeText={setPasted} lines={8} />
          )}
          {importing.isPending && (
            <View style={styles.line} role="status">
              <Spinner />
              <Text>{imports.busy(name)}</Text>
            </View>
          )}
          {error !== null && <Banner tone="danger">{error}</Banner>}
          <Faults error={importing.error} document={importing.variables?.document} />
        </>
      ) : (
        <Result board={board} />
      )}
    </Dialog>
  );
}

/** Where in the file the server found what it refuses. */
function Faults({ error, document }: { readonly error: unknown; readonly document: unknown }) {
  const { fields } = useTexts().board;
  const imports = useImportsTexts();
  if (!(error instanceof RequestError) || error.errors.length === 0) return null;
  return (
    <View style={styles.list}>
      {error.errors.slice(0, 20).map((fault) => (
        <Text key={fault.pointer + fault.detail} variant="small">
          {faultText(fault, document, imports, fields)}
        </Text>
      ))}
    </View>
  );
}

function Result({ board }: { readonly board: ImportedBoard }) {
  const imports = useImportsTexts();
  return (
    <>
      <Banner tone="success">{imports.done(board.name)}</Banner>
      {board.archived && <Text>{imports.archived}</Text>}
      <ImportWarnings warnings={board.warnings} />
    </>
  );
}

const styles = StyleSheet.create({
  line: { flexDirection: "row", alignItems: "center", gap: spacing.m },
  list: { gap: spacing.xs },
});
