/** A card: a link to its task that is pressed to open it, held to drag, with a menu of what else can be done. */

import { memo, useLayoutEffect, useRef } from "react";
import {
  Pressable,
  StyleSheet,
  Text as NativeText,
  View,
  type AccessibilityActionEvent,
} from "react-native";
import { paths } from "../../navigation/routes";
import { useHasDraft } from "../../state/drafts";
import { useTask } from "../../state/hooks";
import { useNameOf } from "../../state/names";
import type { BoardTask, TaskId } from "../../sync";
import { radii, useTheme } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { useFormats } from "../../utilities/texts/formats";
import { described, onWeb } from "../../utilities/web";
import { linkProps } from "../../components/link";
import { useBoardParts } from "../board-context";
import { CardFace } from "./card-face";
import { CardMenu } from "./card-menu";
import { CARD } from "./card-metrics";
import { cardFacts } from "./card-words";
import { useOthersEditing } from "./editing";
import { focusedCard } from "./use-card-keys";
import { useNow } from "../../components/use-now";
import { webStyle } from "../web-style";

export const Card = memo(function Card({ id }: { readonly id: TaskId }) {
  const { board } = useBoardParts();
  const task = useTask(board, id);
  return task ? <OneCard task={task} /> : null;
});

function OneCard({ task }: { readonly task: BoardTask }) {
  const { board, focus, commands, space, me, mayEdit, past } = useBoardParts();
  const { id } = task;
  const editing = useOthersEditing(board, id, me);
  const { colours, shadows } = useTheme();
  const texts = useTexts().board;
  const formats = useFormats();
  const now = useNow();
  const press = useRef<View>(null);
  // Before the card is taken from the page: afterwards nothing says that it had the focus.
  useLayoutEffect(
    () =>
      focus.register(id, {
        focus: () => press.current?.focus(),
        hasFocus: () => focusedCard() === id,
      }),
    [focus, id],
  );
  const draft = useHasDraft(board.address, id) && past !== true;
  const facts = cardFacts(task, { editing, draft }, useNameOf(), now, texts, formats.date);
  const actions = [
    { name: "moveTo", label: texts.moveTo },
    { name: "delete", label: texts.delete },
  ];
  const act = ({ nativeEvent }: AccessibilityActionEvent) => {
    if (nativeEvent.actionName === "moveTo") {
      commands.moveTo(id);
    } else if (nativeEvent.actionName === "delete") {
      commands.delete(id);
    }
  };
  return (
    <View style={styles.whole}>
      <Pressable
        ref={press}
        {...linkProps(paths.task(board.address, id), () => commands.open(id))}
        aria-label={task.title}
        {...described(`facts-${id}`, facts)}
        accessibilityActions={mayEdit ? actions : undefined}
        onAccessibilityAction={act}
        {...onWeb({
          dataSet: { card: String(id) },
          "aria-keyshortcuts": mayEdit ? "Enter Space m e Delete" : "Enter",
        })}
        style={[
          styles.card,
          shadows.card,
          { backgroundColor: colours.surface, borderColor: colours.border },
          task.waiting && { borderStyle: "dashed", borderColor: colours.borderStrong },
          editing.length > 0 && { borderColor: colours.accent },
          // The ring is inside: around the card the list would cut it off.
          webStyle({
            userSelect: "none",
            cursor: mayEdit ? "grab" : "pointer",
            outlineOffset: -2,
          }),
        ]}
      >
        <CardFace task={task} editing={editing} draft={draft} space={space} now={now} />
      </Pressable>
      <NativeText nativeID={`facts-${id}`} style={styles.described}>
        {facts}
      </NativeText>
      {mayEdit && <CardMenu task={task} />}
    </View>
  );
}

const styles = StyleSheet.create({
  whole: { flex: 1 },
  card: {
    flex: 1,
    borderWidth: CARD.border,
    borderRadius: radii.m,
    paddingHorizontal: CARD.paddingX,
    paddingVertical: CARD.paddingY,
    overflow: "hidden",
  },
  described: { display: "none" },
});
