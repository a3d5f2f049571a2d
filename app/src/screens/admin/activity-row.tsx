/** One entry of the activity. */

import { memo } from "react";
import { StyleSheet, View } from "react-native";
import { Avatar, IconButton, Link, Text } from "../../components";
import type { Activity } from "../../generated/api";
import { paths } from "../../navigation/routes";
import { radii, spacing, useTheme } from "../../theme";
import { useFormats } from "../../utilities/texts/formats";
import { useAdminTexts } from "../../utilities/texts/admin";
import { useActivityWords } from "./use-activity-words";

export const ActivityRow = memo(function ActivityRow({
  activity,
  onLook,
}: {
  readonly activity: Activity;
  readonly onLook: (activity: Activity) => void;
}) {
  const texts = useAdminTexts().activity;
  const { colours } = useTheme();
  const formats = useFormats();
  const words = useActivityWords()(activity);
  const board = activity.entity === "user" ? null : activity.board_id;
  return (
    <View
      role="listitem"
      style={[styles.row, { backgroundColor: colours.surface, borderColor: colours.border }]}
    >
      <Avatar name={activity.actor.username} size={32} decorative />
      <View style={styles.words}>
        <Text variant="small">{words}</Text>
        <View style={styles.facts}>
          <Text variant="caption" tone="textMuted">
            {`${formats.date(activity.timestamp)}, ${formats.clock(activity.timestamp)}`}
          </Text>
          {board !== null && (
            <Link
              to={paths.board({ mode: "teams", id: board })}
              label={texts.board(board)}
              variant="caption"
            />
          )}
        </View>
      </View>
      <IconButton icon="eye" label={texts.details(words)} onPress={() => onLook(activity)} />
    </View>
  );
});

const styles = StyleSheet.create({
  row: {
    flexDirection: "row",
    alignItems: "center",
    gap: spacing.m,
    paddingVertical: spacing.s,
    paddingHorizontal: spacing.m,
    borderWidth: 1,
    borderRadius: radii.m,
  },
  words: { flex: 1, minWidth: 0 },
  facts: { flexDirection: "row", flexWrap: "wrap", columnGap: spacing.m },
});
