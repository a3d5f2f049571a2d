/** Both values of a field that two people changed, and the choice between them. */

import { StyleSheet, View } from "react-native";
import { radii, spacing, useTheme } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { Button } from "../../components/button";
import { Text } from "../../components/text";

export function Collision({
  mine,
  theirs,
  onKeepMine,
  onTakeTheirs,
  onCombine,
}: {
  readonly mine: string;
  readonly theirs: string;
  readonly onKeepMine: () => void;
  readonly onTakeTheirs: () => void;
  /** Without it, one of both is chosen. */
  readonly onCombine?: () => void;
}) {
  const { colours } = useTheme();
  const texts = useTexts().task;
  const nothing = useTexts().board.nothing;
  return (
    <View role="alert" style={[styles.collision, { backgroundColor: colours.warningSoft }]}>
      <Text variant="label" tone="onWarningSoft">
        {texts.changedMeanwhile}
      </Text>
      <View style={styles.sides}>
        {[
          { head: texts.yours, text: mine },
          { head: texts.theirsNow, text: theirs },
        ].map(({ head, text }) => (
          <View key={head} style={[styles.side, { backgroundColor: colours.surface }]}>
            <Text variant="caption" tone="textMuted">
              {head}
            </Text>
            <Text variant="small">{text === "" ? nothing : text}</Text>
          </View>
        ))}
      </View>
      <View style={styles.actions}>
        <Button size="small" label={texts.keepMine} onPress={onKeepMine} />
        <Button size="small" label={texts.takeTheirs} onPress={onTakeTheirs} />
        {onCombine !== undefined && (
          <Button size="small" label={texts.combine} onPress={onCombine} />
        )}
      </View>
    </View>
  );
}

const styles = StyleSheet.create({
  collision: { padding: spacing.m, gap: spacing.s, borderRadius: radii.m },
  sides: { flexDirection: "row", flexWrap: "wrap", gap: spacing.s },
  side: { flexGrow: 1, flexBasis: 180, padding: spacing.s, borderRadius: radii.s, gap: 2 },
  actions: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.s },
});
