/** One checklist: how far it is, its items, and a line to add more. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { Badge, Button, Heading, Menu, Text, announce } from "../../components";
import { changeUndoably, movePartUndoably } from "../../board/activity/undo-change";
import { useOfferUndo } from "../../board/activity/use-undo";
import { DraftEditor, DraftMark } from "../../board/draft-editor";
import { useEditInPlace } from "../../board/edit-in-place";
import type { BoardItem, PartPlace } from "../../sync";
import { radii, spacing, useTheme } from "../../theme";
import { LIMITS } from "../../utilities/limits";
import { useTexts } from "../../utilities/texts";
import { CHECKLIST, nameOfPart } from "./checklist-drafts";
import { ChecklistItem } from "./checklist-item";
import { nextPlace, placeOfItem } from "./checklist-moves";
import type { ListProps } from "./list-props";
import { NewItem } from "./new-item";

export function Checklist({ onDeleted, ...props }: ListProps & { readonly onDeleted: () => void }) {
  const { task: texts } = useTexts();
  const { board, task, mayEdit, list, lists, items: focused } = props;
  const offerUndo = useOfferUndo(board);
  const [hidden, setHidden] = useState(false);
  /** Before which item one is being added; null: at the end; undefined: none is. */
  const [adding, setAdding] = useState<number | null | undefined>(undefined);
  const done = list.items.filter((item) => item.done).length;
  const shown = hidden ? list.items.filter((item) => !item.done) : list.items;
  const move = (item: BoardItem, place: PartPlace) => {
    const into = lists.find(({ id }) => id === place.list);
    if (into === undefined) return;
    const from = placeOfItem(lists, item);
    const goTo = (where: PartPlace) => board.changePart(item, {}, where);
    const change = goTo(place);
    offerUndo({
      words: texts.itemMoved(item.text),
      ...movePartUndoably(
        board,
        change,
        () => void goTo(from),
        () => void goTo(place),
      ),
    });
    const others = into.items.filter(({ id }) => id !== item.id);
    const at = others.findIndex(({ id }) => id === place.before);
    const position = (at < 0 ? others.length : at) + 1;
    announce(texts.itemMovedTo(item.text, position, others.length + 1, into.title));
    focused.focus(item.id);
  };
  const step = (item: BoardItem, by: -1 | 1) => {
    const place = nextPlace(lists, item, by, (other) => !hidden || !other.done);
    if (place !== null) move(item, place);
  };
  const go = (item: BoardItem, by: -1 | 1) => {
    const next = shown[shown.indexOf(item) + by];
    const at = lists.indexOf(list);
    const over = by < 0 ? lists[at - 1]?.items.at(-1) : lists[at + 1]?.items[0];
    const to = next ?? over;
    if (to !== undefined) focused.focus(to.id);
  };
  const remove = (item: BoardItem) => {
    const at = shown.indexOf(item);
    const neighbour = shown[at + 1] ?? shown[at - 1];
    const { before } = placeOfItem(lists, item);
    const { text, done: was, assigned_to, due_at } = item;
    const change = board.deletePart(item);
    offerUndo({
      words: texts.itemDeleted(text),
      ...(change === null
        ? {
            undo: () =>
              void board.addPart(
                task.id,
                list.id,
                { text, done: was, assigned_to, due_at },
                before,
              ),
            redo: () => undefined,
          }
        : changeUndoably(board, change)),
    });
    if (neighbour === undefined) onDeleted();
    else focused.focus(neighbour.id);
  };
  const adder = (before: number | null) =>
    mayEdit && (
      <NewItem
        key="new"
        {...props}
        before={before}
        open={adding !== undefined}
        onOpen={() => setAdding(null)}
        onClose={() => setAdding(undefined)}
      />
    );
  return (
    <View role="group" aria-label={texts.checklistOf(list.title)} style={styles.all}>
      <Head {...props} onDeleted={onDeleted} />
      {list.items.length > 0 && <Bar done={done} all={list.items.length} />}
      {list.items.length === 0 && (
        <Text variant="small" tone="textMuted">
          {texts.noItems}
        </Text>
      )}
      {shown.length > 0 && (
        <View role="list">
          {shown.map((item) => (
            <View key={board.firstPartOf("checklist_item", item.id)} role="listitem">
              {adding === item.id && adder(item.id)}
              <ChecklistItem
                {...props}
                item={item}
                onMove={(place) => move(item, place)}
                onStep={(by) => step(item, by)}
                onGo={(by) => go(item, by)}
                onAddNext={() => setAdding(shown[shown.indexOf(item) + 1]?.id ?? null)}
                onDelete={() => remove(item)}
              />
            </View>
          ))}
        </View>
      )}
      {done > 0 && (
        <Button
          kind="quiet"
          size="small"
          label={hidden ? texts.showDone(done) : texts.hideDone}
          expanded={!hidden}
          onPress={() => setHidden(!hidden)}
          style={styles.button}
        />
      )}
      {!shown.some(({ id }) => id === adding) && adder(null)}
    </View>
  );
}

/** The title, and what can be done with the whole checklist. */
function Head({
  board,
  task,
  mayEdit,
  list,
  lists,
  onDeleted,
}: ListProps & { readonly onDeleted: () => void }) {
  const { task: texts } = useTexts();
  const offerUndo = useOfferUndo(board);
  const name = nameOfPart(board, "checklist", list.id);
  const [edit, opener] = useEditInPlace(
    { address: board.address, task: task.id, field: CHECKLIST + name },
    list.title,
  );
  if (mayEdit && edit.editing) {
    return (
      <DraftEditor
        edit={edit}
        current={list.title}
        label={texts.checklistTitle}
        maxLength={LIMITS.checklist}
        missing={texts.checklistTitleMissing}
        onSave={(title) => void board.changePart(list, { title })}
      />
    );
  }
  const at = lists.indexOf(list);
  const move = (before: number | null) => {
    board.changePart(list, {}, { list: null, before });
    announce(texts.checklistMoved(list.title));
  };
  const remove = () => {
    const change = board.deletePart(list);
    offerUndo({ words: texts.checklistDeleted(list.title), ...changeUndoably(board, change) });
    onDeleted();
  };
  const [above, below] = [lists[at - 1], lists[at + 1]];
  return (
    <View style={styles.head}>
      <Heading level={3} look={3} style={styles.title}>
        {list.title}
      </Heading>
      {list.waiting && <Badge tone="warning" icon="upload" label={texts.waiting} />}
      <DraftMark edit={edit} />
      {mayEdit && (
        <Menu
          ref={opener}
          label={texts.checklistMenu(list.title)}
          items={[
            { key: "edit", label: texts.renameChecklist, icon: "edit", onPress: edit.open },
            {
              key: "up",
              label: texts.moveUp,
              icon: "up",
              disabled: above === undefined,
              onPress: () => above && move(above.id),
            },
            {
              key: "down",
              label: texts.moveDown,
              icon: "down",
              disabled: below === undefined,
              onPress: () => move(lists[at + 2]?.id ?? null),
            },
            {
              key: "delete",
              label: texts.deleteChecklist,
              icon: "trash",
              danger: true,
              onPress: remove,
            },
          ]}
        />
      )}
    </View>
  );
}

/** How many items are done, as a bar and in numbers. */
function Bar({ done, all }: { readonly done: number; readonly all: number }) {
  const { colours } = useTheme();
  const { board } = useTexts();
  const width = `${Math.round((100 * done) / all)}%` as const;
  const colour = done === all ? colours.success : colours.accent;
  return (
    <View style={styles.progress}>
      <Text variant="caption" tone="textMuted" aria-hidden>
        {`${done}/${all}`}
      </Text>
      <View
        role="progressbar"
        aria-label={board.itemsDone(done, all)}
        aria-valuemin={0}
        aria-valuemax={all}
        aria-valuenow={done}
        style={[styles.bar, { backgroundColor: colours.sunken, borderColor: colours.border }]}
      >
        <View style={[styles.done, { width, backgroundColor: colour }]} />
      </View>
    </View>
  );
}

const styles = StyleSheet.create({
  all: { gap: spacing.xs },
  head: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.s },
  title: { flexShrink: 1, minWidth: 0 },
  progress: { flexDirection: "row", alignItems: "center", gap: spacing.s },
  bar: { flex: 1, height: 8, borderWidth: 1, borderRadius: radii.s, overflow: "hidden" },
  done: { height: "100%" },
  button: { alignSelf: "flex-start" },
});
