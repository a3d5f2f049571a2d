/** What happened on the board, newest first, in words. */

import { useIsFocused } from "@react-navigation/native";
import { useMemo } from "react";
import { Pressable, ScrollView, StyleSheet, View } from "react-native";
import { useBackCloses } from "../../components/back";
import { paths } from "../../navigation/routes";
import { type BoardEvent, type OpenBoard, taskOf } from "../../sync";
import { useActivity, useBoardColumns } from "../../state/hooks";
import { useNameOf } from "../../state/names";
import { radii, spacing, useTheme } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { useFormats } from "../../utilities/texts/formats";
import { Avatar } from "../../components/avatar";
import { Button, IconButton } from "../../components/button";
import { linkProps } from "../../components/link";
import { Heading, Text } from "../../components/text";
import { useBoardParts } from "../board-context";
import { eventWords, type WordContext } from "./event-words";
import { foldRoom } from "./room-makers";
import { undoneBy } from "./undo-events";
import { useNow } from "../../components/use-now";

/** How many entries are drawn. */
const SHOWN = 100;

/** What `eventWords` needs, in the user's language. */
export function useWordContext(board: OpenBoard): WordContext {
  const texts = useTexts().board;
  const formats = useFormats();
  const columns = useBoardColumns(board);
  const nameOf = useNameOf();
  return useMemo(
    () => ({
      texts,
      columns,
      date: formats.due,
      start: formats.start,
      nameOf,
      title: (id) => board.task(id)?.title,
    }),
    [texts, columns, formats, nameOf, board],
  );
}

export function ActivityPanel({
  onClose,
  onUndo,
}: {
  readonly onClose: () => void;
  readonly onUndo: (seq: number) => void;
}) {
  const { board } = useBoardParts();
  const { colours } = useTheme();
  const texts = useTexts().board;
  const activity = useActivity(board);
  const newest = useMemo(
    () => foldRoom([...activity].reverse(), (event) => event).slice(0, SHOWN),
    [activity],
  );
  const undone = useMemo(() => undoneBy(activity), [activity]);
  useBackCloses(useIsFocused(), onClose);
  return (
    <View
      role="complementary"
      aria-label={texts.activityTitle}
      style={[styles.panel, { backgroundColor: colours.surface, borderColor: colours.border }]}
    >
      <View style={styles.head}>
        <Heading level={2} look={3} style={styles.grow}>
          {texts.activityTitle}
        </Heading>
        <IconButton icon="close" label={texts.closeActivity} onPress={onClose} />
      </View>
      <ScrollView style={styles.scroll} contentContainerStyle={styles.entries}>
        {newest.length === 0 ? (
          <Text variant="small" tone="textMuted">
            {texts.activityNone}
          </Text>
        ) : (
          <View role="list">
            {newest.map(({ event, room }) => (
              <Entry
                key={event.seq}
                event={event}
                room={room.length}
                undone={undone.has(event.seq)}
                onUndo={onUndo}
              />
            ))}
          </View>
        )}
      </ScrollView>
    </View>
  );
}

function Entry({
  event,
  room,
  undone,
  onUndo,
}: {
  readonly event: BoardEvent;
  /** How many cards only made room for its own. */
  readonly room: number;
  /** Somebody took it back already. */
  readonly undone: boolean;
  readonly onUndo: (seq: number) => void;
}) {
  const { board, commands, me, mayEdit } = useBoardParts();
  const context = useWordContext(board);
  const texts = useTexts().board;
  const kit = useTexts().kit;
  const formats = useFormats();
  const now = useNow();
  const words = eventWords(event, context);
  const task = taskOf(event);
  const there = task !== null && board.task(task) !== undefined;
  const own = me !== null && event.actor.username === me;
  const isUndo = "undoes" in event && event.undoes !== undefined;
  const line = <Text variant="small">{words}</Text>;
  return (
    <View role="listitem" style={styles.entry}>
      <Avatar name={event.actor.username} size={24} decorative />
      <View style={styles.grow}>
        {task !== null && there ? (
          <Pressable
            {...linkProps(paths.task(board.address, task), () => commands.open(task))}
            aria-label={words}
            style={styles.link}
          >
            {line}
          </Pressable>
        ) : (
          line
        )}
        {room > 0 && (
          <Text variant="caption" tone="textMuted">
            {texts.madeRoom(room)}
          </Text>
        )}
        <View style={styles.facts}>
          <Text variant="caption" tone="textMuted">
            {formats.relative(event.timestamp, Math.max(now, Date.parse(event.timestamp)))}
          </Text>
          {own && mayEdit && !isUndo && !undone && event.entity !== "member" && (
            <Button
              kind="quiet"
              size="small"
              label={kit.undo}
              accessibilityLabel={texts.undoEvent(words)}
              onPress={() => onUndo(event.seq)}
            />
          )}
        </View>
      </View>
    </View>
  );
}

const styles = StyleSheet.create({
  panel: { flex: 1, borderWidth: 1, borderRadius: radii.l, overflow: "hidden" },
  head: {
    flexDirection: "row",
    alignItems: "center",
    paddingLeft: spacing.l,
    paddingRight: spacing.s,
    paddingVertical: spacing.s,
  },
  scroll: { flex: 1 },
  entries: { padding: spacing.l, paddingTop: 0 },
  entry: { flexDirection: "row", gap: spacing.s, paddingVertical: spacing.s },
  link: { minHeight: 24 },
  facts: { flexDirection: "row", alignItems: "center", gap: spacing.s, minHeight: 28 },
  grow: { flex: 1 },
});
