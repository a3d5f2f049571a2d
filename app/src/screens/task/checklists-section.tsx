/** A task's checklists. Teams only. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { Banner, Button, Spinner, Text, announce } from "../../components";
import { LeftDrafts } from "../../board/trouble/left-drafts";
import { useChecklists } from "../../state/checklist-queries";
import { useDraft } from "../../state/drafts";
import type { BoardChecklist } from "../../sync";
import { useReturnFocus } from "../../utilities/focus";
import { LIMITS } from "../../utilities/limits";
import { useTexts } from "../../utilities/texts";
import { seenLine } from "../../utilities/visible";
import { AddForm } from "./add-form";
import { CHECKLIST, ITEM, ITEM_OF, nameOfPart } from "./checklist-drafts";
import { Checklist } from "./checklist";
import { FocusedItems } from "./focused-items";
import type { TaskPartProps } from "./task-part";
import { TaskSection } from "./task-section";

export function ChecklistsSection(part: TaskPartProps) {
  const texts = useTexts().task;
  const { board, task, mayEdit } = part;
  const [heading, toHeading] = useReturnFocus();
  const { lists, fromDevice, isPending, error } = useChecklists(board, task.id);
  const [items] = useState(() => new FocusedItems());
  const failed = error !== null && !fromDevice && lists.length === 0;
  if (!mayEdit && lists.length === 0 && !failed) {
    return null;
  }
  const there = new Set(lists.flatMap((list) => draftsOf(part, list)));
  const isGone = (field: string) => OURS.some((of) => field.startsWith(of)) && !there.has(field);
  return (
    <TaskSection ref={heading} title={texts.checklists}>
      {failed && <Banner tone="warning">{texts.checklistsFailed}</Banner>}
      {fromDevice && lists.length > 0 && (
        <Text variant="small" tone="textMuted" role="status">
          {texts.checklistsFromDevice}
        </Text>
      )}
      {isPending && <Spinner />}
      {lists.map((list) => (
        <Checklist
          key={board.firstPartOf("checklist", list.id)}
          {...part}
          list={list}
          lists={lists}
          items={items}
          onDeleted={toHeading}
        />
      ))}
      {mayEdit && !isPending && !failed && (
        <LeftDrafts address={board.address} task={task.id} of={isGone} />
      )}
      {mayEdit && !failed && <NewChecklist {...part} count={lists.length} />}
    </TaskSection>
  );
}

const OURS = [CHECKLIST, ITEM, ITEM_OF];

/** How the drafts of a checklist and of its items may be named. */
function draftsOf({ board }: TaskPartProps, list: BoardChecklist): readonly string[] {
  const id = nameOfPart(board, "checklist", list.id);
  return [
    CHECKLIST + id,
    ITEM_OF + id,
    ...list.items.map((item) => ITEM + nameOfPart(board, "checklist_item", item.id)),
  ];
}

function NewChecklist({ board, task, count }: TaskPartProps & { readonly count: number }) {
  const texts = useTexts().task;
  const [open, setOpen] = useState(false);
  const [opener, giveBack] = useReturnFocus();
  const draft = useDraft({ address: board.address, task: task.id, field: "checklist" }, "");
  const title = seenLine(draft.value);
  if (count >= LIMITS.checklists) {
    return (
      <Text variant="small" tone="textMuted">
        {texts.checklistsFull(LIMITS.checklists)}
      </Text>
    );
  }
  if (!open && !draft.dirty) {
    return (
      <Button
        ref={opener}
        kind="secondary"
        size="small"
        icon="checklist"
        label={texts.addChecklist}
        onPress={() => setOpen(true)}
        style={styles.add}
      />
    );
  }
  return (
    <View>
      <AddForm
        inputs={[
          {
            label: texts.checklistTitle,
            draft,
            maxLength: LIMITS.checklist,
            error: draft.dirty && title === "" ? texts.checklistTitleMissing : null,
          },
        ]}
        autoFocus={open}
        label={texts.addChecklist}
        onAdd={() => {
          if (title === "") return false;
          board.addPart(task.id, null, { title });
          announce(texts.checklistAdded(title));
          setOpen(false);
          giveBack();
          return true;
        }}
      />
    </View>
  );
}

const styles = StyleSheet.create({ add: { alignSelf: "flex-start" } });
