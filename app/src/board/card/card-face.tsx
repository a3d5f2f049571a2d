/** The inside of a card. Its parts have the heights that `card-metrics` reckons with. */

import { memo } from "react";
import { PixelRatio, Platform, StyleSheet, View } from "react-native";
import { useNameOf } from "../../state/names";
import type { BoardTask } from "../../sync";
import { radii, spacing, target, useTheme } from "../../theme";
import { progressOf } from "../../utilities/task-list";
import { useTexts } from "../../utilities/texts";
import { useFormats } from "../../utilities/texts/formats";
import { Icon, type IconName } from "../../components/icon";
import { Text, type Tone } from "../../components/text";
import { Avatar } from "../../components/avatar";
import { CARD, hasFacts, titleLines, type CardSpace } from "./card-metrics";
import { dueWords, editingWords } from "./card-words";
import { LabelChip } from "./label-chip";

/** How many labels fit before the rest is counted. */
const LABELS = 3;

export const CardFace = memo(function CardFace({
  task,
  editing,
  draft,
  space,
  now,
}: {
  readonly task: BoardTask;
  /** Names of those who have it open. */
  readonly editing: readonly string[];
  /** Something written to it here is not saved. */
  readonly draft: boolean;
  readonly space: CardSpace;
  /** Milliseconds since 1970. */
  readonly now: number;
}) {
  const texts = useTexts().board;
  const scale = Platform.OS === "web" ? 1 : PixelRatio.getFontScale();
  const lines = titleLines(task.title, space);
  const more = task.labels.length - LABELS;
  return (
    <>
      {task.labels.length > 0 && (
        <View style={[styles.labels, { height: Math.ceil(CARD.labelLine * scale) }]}>
          {task.labels.slice(0, LABELS).map((label) => (
            <LabelChip key={label} name={label} />
          ))}
          {more > 0 && (
            <Text variant="caption" tone="textMuted" style={styles.more}>
              {texts.moreLabels(more)}
            </Text>
          )}
        </View>
      )}
      <View style={{ height: lines * Math.ceil(CARD.titleLine * scale) }}>
        <Text numberOfLines={lines} style={styles.title}>
          {task.title}
        </Text>
      </View>
      {hasFacts(task) ? (
        <Facts task={task} editing={editing} draft={draft} now={now} />
      ) : (
        <Corner editing={editing} draft={draft} />
      )}
    </>
  );
});

function Facts({
  task,
  editing,
  draft,
  now,
}: {
  readonly task: BoardTask;
  readonly editing: readonly string[];
  readonly draft: boolean;
  readonly now: number;
}) {
  const texts = useTexts().board;
  const formats = useFormats();
  const due = task.due_at === null ? null : dueWords(task.due_at, now, texts, formats.date);
  const nameOf = useNameOf();
  const progress = progressOf(task.description);
  const busy = editingWords(editing.map(nameOf), texts);
  return (
    <View style={styles.facts}>
      {task.waiting && <Fact icon="upload" words={texts.waiting} tone="warning" shrink />}
      {draft && <Fact icon="edit" words={texts.unsavedDraft} tone="accent" shrink />}
      {busy !== null && <Fact icon="edit" words={busy} tone="accent" shrink />}
      {task.start_at !== null && (
        <Fact
          icon="calendar"
          words={texts.startOn(formats.date(task.start_at))}
          tone="textMuted"
          shrink
        />
      )}
      {due && <Fact icon="clock" words={due.words} tone={due.tone} shrink />}
      {task.comment_count > 0 && (
        <Fact icon="comment" words={formats.number(task.comment_count)} tone="textMuted" />
      )}
      {task.item_count > 0 && (
        <Fact
          icon="checklist"
          words={`${task.done_count}/${task.item_count}`}
          tone={task.done_count === task.item_count ? "success" : "textMuted"}
        />
      )}
      {progress && (
        <Fact
          icon="check"
          words={`${progress.done}/${progress.all}`}
          tone={progress.done === progress.all ? "success" : "textMuted"}
        />
      )}
      {task.description !== "" && <Icon name="menu" size={16} tone="textMuted" />}
      <View style={styles.grow} />
      {task.assigned_to !== null && <Avatar name={task.assigned_to} size={24} decorative />}
    </View>
  );
}

/** Where a card has no line of facts, who is in it and a draft are shown over its corner. */
function Corner({
  editing: [first],
  draft,
}: {
  readonly editing: readonly string[];
  readonly draft: boolean;
}) {
  const { colours } = useTheme();
  if (!draft && first === undefined) {
    return null;
  }
  return (
    <View style={[styles.corner, { backgroundColor: colours.surface }]}>
      {draft && <Icon name="edit" size={16} tone="accent" />}
      {first !== undefined && <Avatar name={first} size={20} decorative />}
    </View>
  );
}

function Fact({
  icon,
  words,
  tone,
  shrink = false,
}: {
  readonly icon: IconName;
  readonly words: string;
  readonly tone: Tone;
  readonly shrink?: boolean;
}) {
  return (
    <View style={[styles.fact, shrink && styles.shrink]}>
      <Icon name={icon} size={14} tone={tone} />
      <Text variant="caption" tone={tone} numberOfLines={1} style={shrink && styles.shrink}>
        {words}
      </Text>
    </View>
  );
}

const styles = StyleSheet.create({
  labels: {
    flexDirection: "row",
    gap: 4,
    marginBottom: CARD.labelGap,
    paddingRight: CARD.menu,
    overflow: "hidden",
  },
  more: { lineHeight: CARD.labelLine },
  title: { fontSize: CARD.titleSize, lineHeight: CARD.titleLine, paddingRight: CARD.menu },
  facts: {
    flexDirection: "row",
    alignItems: "center",
    gap: spacing.s,
    height: CARD.factLine,
    marginTop: CARD.factGap,
    overflow: "hidden",
  },
  fact: { flexDirection: "row", alignItems: "center", gap: 4 },
  shrink: { flexShrink: 1 },
  grow: { flex: 1 },
  corner: {
    position: "absolute",
    // Beside the button of the menu.
    right: target + spacing.xs,
    bottom: 10,
    paddingHorizontal: spacing.xs,
    borderRadius: radii.s,
    flexDirection: "row",
    alignItems: "center",
    gap: spacing.xs,
  },
});
