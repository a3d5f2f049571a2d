/** The way from an entry to the board and the task as they were right after it. */

import { StyleSheet, View } from "react-native";
import { Button } from "../../components";
import type { Activity } from "../../generated/api";
import { open } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { spacing } from "../../theme";
import { useAdminTexts } from "../../utilities/texts/admin";
import { taskIdOf } from "./words";

export function AsItWas({
  activity,
  onLeave,
}: {
  readonly activity: Activity;
  /** Called before navigating. */
  readonly onLeave: () => void;
}) {
  const texts = useAdminTexts().activity;
  if (activity.entity === "user") return null;
  const { board_id: id, seq } = activity;
  const task = taskIdOf(activity);
  const way = (label: string, to: string) => (
    <Button
      icon="clock"
      label={label}
      to={to}
      onPress={() => {
        onLeave();
        open(to);
      }}
    />
  );
  const address = { mode: "teams", id } as const;
  return (
    <View style={styles.ways}>
      {way(texts.openBoardAsItWas, paths.timeline(address, seq))}
      {task !== null && way(texts.openTaskAsItWas, paths.timeline(address, seq, task))}
    </View>
  );
}

const styles = StyleSheet.create({
  ways: { flexDirection: "row", flexWrap: "wrap", gap: spacing.s },
});
