/** What is below the forms for login and registration: the other one, and the way without. */

import { StyleSheet, View } from "react-native";
import { Link, Text } from "../../components";
import { QuickWinButton } from "../../navigation/app-bar";
import { spacing } from "../../theme";

export function AccountFoot({
  question,
  link,
}: {
  readonly question: string;
  readonly link?: { readonly to: string; readonly label: string };
}) {
  return (
    <>
      <View style={styles.line}>
        <Text tone="textMuted">{question}</Text>
        {link !== undefined && <Link {...link} />}
      </View>
      <QuickWinButton />
    </>
  );
}

const styles = StyleSheet.create({
  line: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.s },
});
