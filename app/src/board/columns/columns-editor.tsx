/** Adds, renames, orders, limits and deletes columns. For owners. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import type { OpenBoard } from "../../sync";
import { spacing } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { Banner } from "../../components/banner";
import { Button, IconButton } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { Text } from "../../components/text";
import { TextField } from "../../components/text-field";
import { MAX_COLUMN_NAME, moved, problemsOf, type Row } from "./columns-draft";
import { useColumnRows } from "./use-column-rows";

export function ColumnsEditor({
  board,
  onClose,
}: {
  readonly board: OpenBoard;
  readonly onClose: () => void;
}) {
  const texts = useTexts();
  const words = texts.board;
  const { rows, setRows, refusal, fromBefore, add, remove, save, discard } = useColumnRows(board);
  const [added, setAdded] = useState<string | null>(null);
  const wrong = rows.some((row) => problemsOf(row).length > 0);
  const change = (id: string, changes: Partial<Row>) =>
    setRows(rows.map((row) => (row.id === id ? { ...row, ...changes } : row)));
  const closing = (first: () => void) => () => {
    first();
    onClose();
  };
  return (
    <Dialog
      title={words.columnsTitle}
      onClose={onClose}
      width={620}
      actions={
        <>
          <Button label={texts.kit.cancel} onPress={closing(discard)} />
          <Button kind="primary" label={texts.kit.save} disabled={wrong} onPress={closing(save)} />
        </>
      }
    >
      <Text variant="small" tone="textMuted">
        {words.columnsHint}
      </Text>
      {fromBefore && <Banner>{texts.kit.draftFromBefore}</Banner>}
      {refusal !== null && <Banner tone="warning">{refusal}</Banner>}
      {rows.map((row, index) => (
        <ColumnRow
          key={row.id}
          row={row}
          place={index}
          count={rows.length}
          isNew={row.id === added}
          onChange={(changes) => change(row.id, changes)}
          onMove={(step) => setRows(moved(rows, index, step))}
          onRemove={() => remove(row)}
        />
      ))}
      <Button
        icon="add"
        label={words.addColumn}
        onPress={() => setAdded(add())}
        style={styles.add}
      />
    </Dialog>
  );
}

function ColumnRow({
  row,
  place,
  count,
  isNew,
  onChange,
  onMove,
  onRemove,
}: {
  readonly row: Row;
  /** From 0. */
  readonly place: number;
  readonly count: number;
  /** Just added: its name takes the keyboard, to be typed over. */
  readonly isNew: boolean;
  readonly onChange: (changes: Partial<Row>) => void;
  readonly onMove: (step: -1 | 1) => void;
  readonly onRemove: () => void;
}) {
  const texts = useTexts().board;
  const problems = problemsOf(row);
  const name = problems.includes("name-missing")
    ? texts.nameMissing
    : problems.includes("name-too-long")
      ? texts.nameTooLong(MAX_COLUMN_NAME)
      : null;
  return (
    <View style={styles.row}>
      <TextField
        label={texts.columnNameOf(place + 1)}
        hideLabel
        placeholder={texts.columnName}
        value={row.name}
        autoFocus={isNew}
        selectOnFocus={isNew}
        error={name}
        onChangeText={(value) => onChange({ name: value })}
        style={styles.name}
      />
      <TextField
        label={texts.columnLimitOf(row.name)}
        hideLabel
        placeholder={texts.columnLimit}
        inputMode="numeric"
        value={row.limit}
        error={problems.includes("limit-wrong") ? texts.limitWrong : null}
        onChangeText={(limit) => onChange({ limit })}
        style={styles.limit}
      />
      <View style={styles.buttons}>
        <IconButton
          icon="left"
          label={texts.moveLeft(row.name)}
          disabled={place === 0}
          onPress={() => onMove(-1)}
        />
        <IconButton
          icon="right"
          label={texts.moveRight(row.name)}
          disabled={place === count - 1}
          onPress={() => onMove(1)}
        />
        <IconButton
          icon="trash"
          tone="danger"
          label={texts.deleteColumn(row.name)}
          onPress={onRemove}
        />
      </View>
    </View>
  );
}

const styles = StyleSheet.create({
  row: { flexDirection: "row", flexWrap: "wrap", alignItems: "flex-start", gap: spacing.s },
  name: { flexGrow: 1, flexBasis: 180 },
  limit: { width: 100 },
  buttons: { flexDirection: "row", minHeight: 40, alignItems: "center" },
  add: { alignSelf: "flex-start" },
});
