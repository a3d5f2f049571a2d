/** Who has the board open. */

import { StyleSheet, View } from "react-native";
import { usePresence } from "../../state/hooks";
import { useNameOf } from "../../state/names";
import { spacing } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { useFormats } from "../../utilities/texts/formats";
import { Avatar } from "../../components/avatar";
import { Text } from "../../components/text";
import { useBoardParts } from "../board-context";

/** So many are shown, the others counted. */
const SHOWN = 4;

export function PresenceAvatars() {
  const { board } = useBoardParts();
  const texts = useTexts().board;
  const formats = useFormats();
  const nameOf = useNameOf();
  const presence = usePresence(board);
  const names = [...new Set(presence.map(({ user }) => user))].sort();
  if (names.length === 0) {
    return null;
  }
  const more = names.length - SHOWN;
  return (
    <View role="img" aria-label={texts.hereNow(formats.list(names.map(nameOf)))} style={styles.row}>
      {names.slice(0, SHOWN).map((name) => (
        <View key={name} style={styles.one}>
          <Avatar name={name} decorative />
        </View>
      ))}
      {more > 0 && (
        <Text variant="small" tone="textMuted" style={styles.more}>
          {texts.moreLabels(more)}
        </Text>
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  row: { flexDirection: "row", alignItems: "center", paddingLeft: spacing.s },
  one: { marginLeft: -spacing.s },
  more: { marginLeft: spacing.xs },
});
