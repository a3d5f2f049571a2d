/** A link that was just made: it is shown this once. */

import { StyleSheet, View } from "react-native";
import { Button, TextField, toast } from "../../components";
import { spacing } from "../../theme";
import { copyText } from "../../utilities/clipboard";
import { useAccessTexts } from "../../utilities/texts/access";
import { useKeeping, type OnUnkept } from "./shown-once";

/** It takes the keyboard, so that a screen reader reads it, and Ctrl+C copies it. */
export function MadeLink({
  address,
  hint,
  onUnkept,
}: {
  readonly address: string;
  readonly hint: string;
  readonly onUnkept: OnUnkept;
}) {
  const texts = useAccessTexts().links;
  const kept = useKeeping(onUnkept);
  const copy = () =>
    void copyText(address).then((copied) => {
      if (copied) kept();
      toast(copied ? texts.copied : texts.notCopied, { tone: copied ? "success" : "warning" });
    });
  return (
    <View style={styles.all}>
      <TextField
        label={texts.link}
        hint={hint}
        value={address}
        onChangeText={() => undefined}
        readOnly
        autoFocus
        selectOnFocus
      />
      <Button kind="primary" label={texts.copy} onPress={copy} style={styles.button} />
    </View>
  );
}

const styles = StyleSheet.create({
  all: { gap: spacing.m },
  button: { alignSelf: "flex-start" },
});
