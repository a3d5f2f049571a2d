/** A line that adds items to a checklist: it stays open, and takes several pasted lines as several items. */

import { useEffect, useRef, useState } from "react";
import { StyleSheet, View } from "react-native";
import { Button, Text, TextField, announce, type Focusable } from "../../components";
import { elementOf } from "../../board/drag/frame";
import { useDraft } from "../../state/drafts";
import { spacing } from "../../theme";
import { useReturnFocus } from "../../utilities/focus";
import { pressedKey } from "../../utilities/keys";
import { LIMITS, lengthOf } from "../../utilities/limits";
import { useTexts } from "../../utilities/texts";
import { canBeSeen } from "../../utilities/visible";
import { onWeb, type KeyEvent } from "../../utilities/web";
import type { ListProps } from "./list-props";
import { ITEM_OF, nameOfPart } from "./checklist-drafts";
import { itemsIn, type NewItemText } from "./checklist-moves";

export function NewItem({
  board,
  task,
  list,
  before,
  open,
  onOpen,
  onClose,
}: ListProps & {
  /** Before which item it goes; null: to the end. */
  readonly before: number | null;
  readonly open: boolean;
  readonly onOpen: () => void;
  readonly onClose: () => void;
}) {
  const { task: texts, kit } = useTexts();
  const [opener, giveBack] = useReturnFocus();
  const field = ITEM_OF + nameOfPart(board, "checklist", list.id);
  const draft = useDraft({ address: board.address, task: task.id, field }, "");
  const input = useRef<Focusable>(null);
  const box = useRef<View>(null);
  const length = lengthOf(draft.value.trim());
  const room = LIMITS.items - list.items.length;
  const [refused, setRefused] = useState<string | null>(null);
  /** @returns whether all of them were added */
  const add = (lines: readonly NewItemText[]): boolean => {
    const longest = Math.max(...lines.map((line) => lengthOf(line.text)));
    const why =
      longest > LIMITS.item
        ? kit.tooLong(longest, LIMITS.item)
        : lines.length > room
          ? texts.itemsFull(LIMITS.items)
          : null;
    setRefused(why);
    if (lines.length === 0 || why !== null) {
      return false;
    }
    lines.forEach((line) => board.addPart(task.id, list.id, { ...line }, before));
    announce(
      lines.length === 1 ? texts.itemAdded(lines[0]?.text ?? "") : texts.itemsAdded(lines.length),
    );
    return true;
  };
  const submit = () => {
    // As it was typed: only what is pasted as several lines is read as a list.
    const text = draft.value.trim();
    if (add(canBeSeen(text) ? [{ text, done: false }] : [])) draft.clear();
    input.current?.focus();
  };
  const pasted = useRef(add);
  useEffect(() => {
    pasted.current = add;
  });
  const shown = open || draft.dirty;
  useEffect(() => {
    const element = shown ? elementOf(box.current) : null;
    const onPaste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      const lines = itemsIn(text).filter((line) => canBeSeen(line.text));
      // Those that cannot be added do not become one line either.
      if (lines.length < 2) return;
      event.preventDefault();
      pasted.current(lines);
    };
    element?.addEventListener("paste", onPaste);
    return () => element?.removeEventListener("paste", onPaste);
  }, [shown]);
  // On the way down: text fields keep keys to themselves on the way up.
  const keys = onWeb({
    onKeyDownCapture: (event: KeyEvent) => {
      if (pressedKey(event) !== "Escape") return;
      event.preventDefault();
      onClose();
      giveBack();
    },
  });
  if (room <= 0 && !draft.dirty) {
    return (
      <Text variant="small" tone="textMuted">
        {texts.itemsFull(LIMITS.items)}
      </Text>
    );
  }
  if (!shown) {
    return (
      <Button
        ref={opener}
        kind="quiet"
        size="small"
        icon="add"
        label={texts.addItem}
        onPress={onOpen}
        style={styles.button}
      />
    );
  }
  return (
    <View ref={box} style={styles.row} {...keys}>
      <TextField
        ref={input}
        label={texts.newItem(list.title)}
        hideLabel
        placeholder={texts.addItem}
        autoFocus={open}
        value={draft.value}
        error={
          length > LIMITS.item
            ? kit.tooLong(length, LIMITS.item)
            : room <= 0
              ? texts.itemsFull(LIMITS.items)
              : refused
        }
        onChangeText={(text) => {
          setRefused(null);
          draft.set(text);
        }}
        onSubmit={submit}
        style={styles.input}
      />
      <Button size="small" label={texts.add} onPress={submit} />
    </View>
  );
}

const styles = StyleSheet.create({
  row: { flexDirection: "row", flexWrap: "wrap", alignItems: "flex-start", gap: spacing.s },
  input: { flexGrow: 1, flexBasis: 200, minWidth: 0 },
  button: { alignSelf: "flex-start" },
});
