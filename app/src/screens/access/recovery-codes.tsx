/** Recovery codes that were just made: they are shown this once. */

import { StyleSheet, View } from "react-native";
import { Button, Dialog, Text, toast } from "../../components";
import { useOwner } from "../../state/account";
import { radii, spacing, useTheme } from "../../theme";
import { copyText } from "../../utilities/clipboard";
import { saveFile } from "../../utilities/files";
import { useTexts } from "../../utilities/texts";
import { useAccessTexts } from "../../utilities/texts/access";
import { useKeeping, useShownOnce } from "./shown-once";

export function RecoveryCodesDialog({
  codes,
  onClose,
}: {
  readonly codes: readonly string[];
  readonly onClose: () => void;
}) {
  const { kit } = useTexts();
  const all = useAccessTexts();
  const texts = all.codes;
  const { colours } = useTheme();
  const owner = useOwner();
  const { close, question, onUnkept } = useShownOnce(onClose);
  const kept = useKeeping(onUnkept);
  const text = `${codes.join("\n")}\n`;
  const copy = () =>
    void copyText(text).then((copied) => {
      if (copied) kept();
      toast(copied ? texts.copied : all.links.notCopied, { tone: copied ? "success" : "warning" });
    });
  const save = () =>
    void saveFile(`${texts.file(owner?.username ?? "")}.txt`, text, "text/plain").then(
      () => {
        kept();
        toast(texts.saved, { tone: "success" });
      },
      () => toast(all.data.failed, { tone: "danger" }),
    );
  return (
    <Dialog
      title={texts.recoveryTitle}
      onClose={close}
      actions={<Button kind="primary" label={kit.close} onPress={close} />}
    >
      <Text>{texts.recoveryHint}</Text>
      <View
        role="list"
        aria-label={texts.recoveryTitle}
        style={[styles.codes, { borderColor: colours.border }]}
      >
        {codes.map((code) => (
          <View key={code} role="listitem" style={styles.code}>
            <Text selectable>{code}</Text>
          </View>
        ))}
      </View>
      <View style={styles.line}>
        <Button label={texts.copy} onPress={copy} />
        <Button icon="download" label={texts.save} onPress={save} />
      </View>
      {question}
    </Dialog>
  );
}

const styles = StyleSheet.create({
  codes: {
    flexDirection: "row",
    flexWrap: "wrap",
    gap: spacing.s,
    padding: spacing.m,
    borderWidth: 1,
    borderRadius: radii.m,
  },
  code: { flexBasis: 180, flexGrow: 1 },
  line: { flexDirection: "row", flexWrap: "wrap", gap: spacing.m },
});
