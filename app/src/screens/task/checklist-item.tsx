/** An item of a checklist: its box, its text, and what can be done with it. */

import { useCallback, useState } from "react";
import { StyleSheet, View } from "react-native";
import { Avatar, Badge, Menu, Text, type MenuItem } from "../../components";
import { TickBox } from "../../components/tick-box";
import { useNow } from "../../components/use-now";
import { convertUndoably } from "../../board/activity/undo-change";
import { useOfferUndo } from "../../board/activity/use-undo";
import { dueWords } from "../../board/card/card-words";
import { DraftEditor, DraftMark } from "../../board/draft-editor";
import { useEditInPlace } from "../../board/edit-in-place";
import type { BoardItem, PartPlace } from "../../sync";
import { spacing } from "../../theme";
import { pressedKey } from "../../utilities/keys";
import { LIMITS } from "../../utilities/limits";
import { useTexts } from "../../utilities/texts";
import { useFormats } from "../../utilities/texts/formats";
import { useKeyDown } from "../../utilities/web";
import type { ListProps } from "./list-props";
import { ITEM, nameOfPart } from "./checklist-drafts";
import { ItemDialog } from "./item-dialog";

export interface ItemProps extends ListProps {
  readonly item: BoardItem;
  readonly onMove: (place: PartPlace) => void;
  /** One place up or down. */
  readonly onStep: (by: -1 | 1) => void;
  /** The keyboard goes to the item above or below. */
  readonly onGo: (by: -1 | 1) => void;
  /** A line for one that follows it. */
  readonly onAddNext: () => void;
  readonly onDelete: () => void;
}

export function ChecklistItem(props: ItemProps) {
  const { task: texts } = useTexts();
  const { board, task, mayEdit, item, items: focused, onStep, onGo, onAddNext } = props;
  const [asking, setAsking] = useState(false);
  const field = ITEM + nameOfPart(board, "checklist_item", item.id);
  const [edit, opener] = useEditInPlace(
    { address: board.address, task: task.id, field },
    item.text,
  );
  const menu = useItemMenu(props, edit.open, () => setAsking(true));
  const row = useCallback(
    (view: View | null) => focused.register(item.id, view),
    [focused, item.id],
  );
  const keys = useKeyDown((event) => {
    const key = pressedKey(event);
    const by = key === "ArrowUp" ? -1 : key === "ArrowDown" ? 1 : null;
    if (!focused.isIn(item.id) || event.ctrlKey || event.metaKey) return;
    if (by !== null) {
      event.preventDefault();
      if (!event.altKey) onGo(by);
      else if (mayEdit) onStep(by);
    } else if (key === "Enter" && mayEdit) {
      event.preventDefault();
      onAddNext();
    }
  });
  return (
    <View ref={row} style={styles.row} {...keys}>
      {mayEdit ? (
        <TickBox
          label={item.text}
          checked={item.done}
          onChange={(done) => void board.changePart(item, { done })}
        />
      ) : (
        <Text role="img" aria-label={item.done ? texts.itemDone : texts.itemOpen}>
          {item.done ? "☑" : "☐"}
        </Text>
      )}
      <View style={styles.main}>
        {mayEdit && edit.editing ? (
          <DraftEditor
            edit={edit}
            current={item.text}
            label={texts.item}
            maxLength={LIMITS.item}
            missing={texts.itemMissing}
            onSave={(text) => void board.changePart(item, { text })}
          />
        ) : (
          <Text
            // The box is called so.
            aria-hidden={mayEdit}
            tone={item.done ? "textMuted" : undefined}
            style={[styles.text, item.done && styles.done]}
          >
            {item.text}
          </Text>
        )}
        <Facts item={item} />
        <DraftMark edit={edit} />
      </View>
      {mayEdit && <Menu ref={opener} label={texts.itemMenu(item.text)} items={menu} />}
      {asking && <ItemDialog board={board} item={item} onClose={() => setAsking(false)} />}
    </View>
  );
}

function useItemMenu(
  { board, list, lists, item, onMove, onStep, onDelete }: ItemProps,
  onEdit: () => void,
  onAsk: () => void,
): readonly MenuItem[] {
  const { task: texts } = useTexts();
  const offerUndo = useOfferUndo(board);
  const isFirst = list.items[0]?.id === item.id && lists[0]?.id === list.id;
  const isLast = list.items.at(-1)?.id === item.id && lists.at(-1)?.id === list.id;
  const convert = () =>
    offerUndo({
      words: texts.itemConverted(item.text),
      ...convertUndoably(board, board.convertItem(item)),
    });
  return [
    { key: "edit", label: texts.editItem, icon: "edit", onPress: onEdit },
    { key: "facts", label: texts.itemFacts, icon: "clock", onPress: onAsk },
    {
      key: "up",
      label: texts.moveUp,
      icon: "up",
      disabled: isFirst,
      onPress: () => onStep(-1),
    },
    {
      key: "down",
      label: texts.moveDown,
      icon: "down",
      disabled: isLast,
      onPress: () => onStep(1),
    },
    ...lists
      .filter((other) => other !== list)
      .map((other): MenuItem => ({
        key: `to/${other.id}`,
        label: texts.moveToChecklist(other.title),
        icon: "forward",
        onPress: () => onMove({ list: other.id, before: null }),
      })),
    { key: "convert", label: texts.convertItem, icon: "add", onPress: convert },
    { key: "delete", label: texts.deleteItem, icon: "trash", danger: true, onPress: onDelete },
  ];
}

/** Who does it, when it is due, and whether it is sent. */
function Facts({ item }: { readonly item: BoardItem }) {
  const { board, task } = useTexts();
  const formats = useFormats();
  const now = useNow();
  const due = item.due_at === null ? null : dueWords(item.due_at, now, board, formats.date);
  if (due === null && item.assigned_to === null && !item.waiting) {
    return null;
  }
  return (
    <View style={styles.facts}>
      {item.assigned_to !== null && <Avatar name={item.assigned_to} size={20} />}
      {due !== null && (
        <Text variant="caption" tone={item.done ? "textMuted" : due.tone}>
          {due.words}
        </Text>
      )}
      {item.waiting && <Badge tone="warning" icon="upload" label={task.waiting} />}
    </View>
  );
}

const styles = StyleSheet.create({
  row: { flexDirection: "row", alignItems: "center", gap: spacing.s, minHeight: 36 },
  main: {
    flex: 1,
    minWidth: 0,
    flexDirection: "row",
    flexWrap: "wrap",
    alignItems: "center",
    gap: spacing.s,
  },
  text: { flexShrink: 1, minWidth: 0 },
  done: { textDecorationLine: "line-through" },
  facts: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.s },
});
