/** One entry of the activity. */

import { memo, useState } from "react";
import { StyleSheet, View } from "react-native";
import { Avatar, Button, IconButton, Link, Text } from "../../components";
import type { Activity } from "../../generated/api";
import { paths } from "../../navigation/routes";
import { radii, spacing, useTheme } from "../../theme";
import { useFormats } from "../../utilities/texts/formats";
import { useTexts } from "../../utilities/texts";
import { useAdminTexts } from "../../utilities/texts/admin";
import { useActivityWords } from "./use-activity-words";

export const ActivityRow = memo(function ActivityRow({
  activity,
  room,
  onLook,
}: {
  readonly activity: Activity;
  /** By which cards only made room for its own, newest first. */
  readonly room: readonly Activity[];
  readonly onLook: (activity: Activity) => void;
}) {
  const texts = useTexts().board;
  const { colours } = useTheme();
  const words = useActivityWords();
  const [open, setOpen] = useState(false);
  return (
    <View
      role="listitem"
      style={[styles.row, { backgroundColor: colours.surface, borderColor: colours.border }]}
    >
      <View style={styles.entry}>
        <Avatar name={activity.actor.username} size={32} decorative />
        <Entry activity={activity} words={words(activity)} onLook={onLook} />
      </View>
      {room.length > 0 && (
        <Button
          kind="quiet"
          size="small"
          icon={open ? "up" : "down"}
          label={texts.madeRoom(room.length)}
          expanded={open}
          onPress={() => setOpen(!open)}
          style={styles.more}
        />
      )}
      {open && (
        <View role="list" aria-label={texts.madeRoom(room.length)} style={styles.room}>
          {room.map((each) => (
            <View key={each.seq} role="listitem" style={styles.entry}>
              <Entry activity={each} words={words(each)} onLook={onLook} />
            </View>
          ))}
        </View>
      )}
    </View>
  );
});

function Entry({
  activity,
  words,
  onLook,
}: {
  readonly activity: Activity;
  readonly words: string;
  readonly onLook: (activity: Activity) => void;
}) {
  const texts = useAdminTexts().activity;
  const formats = useFormats();
  return (
    <>
      <View style={styles.words}>
        <Text variant="small">{words}</Text>
        <View style={styles.facts}>
          <Text variant="caption" tone="textMuted">
            {`${formats.date(activity.timestamp)}, ${formats.clock(activity.timestamp)}`}
          </Text>
          {activity.entity !== "user" && (
            <Link
              to={paths.timeline({ mode: "teams", id: activity.board_id }, activity.seq)}
              label={texts.board(activity.board_id)}
              variant="caption"
            />
          )}
        </View>
      </View>
      <IconButton icon="eye" label={texts.details(words)} onPress={() => onLook(activity)} />
    </>
  );
}

const styles = StyleSheet.create({
  row: {
    paddingVertical: spacing.s,
    paddingHorizontal: spacing.m,
    borderWidth: 1,
    borderRadius: radii.m,
  },
  entry: { flexDirection: "row", alignItems: "center", gap: spacing.m },
  more: { alignSelf: "flex-start" },
  room: { paddingLeft: 32 + spacing.m },
  words: { flex: 1, minWidth: 0 },
  facts: { flexDirection: "row", flexWrap: "wrap", columnGap: spacing.m },
});
