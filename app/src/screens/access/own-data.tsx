/** A file of what is kept of somebody. */

import { StyleSheet } from "react-native";
import { Banner, Button, Text, toast } from "../../components";
import { useOwnData } from "../../state/access";
import { useOwner } from "../../state/account";
import { saveFile } from "../../utilities/files";
import { useTexts } from "../../utilities/texts";
import { useAccessTexts } from "../../utilities/texts/access";
import { errorText } from "../../utilities/texts/errors";
import { Section } from "../profile/section";

export function OwnData() {
  const all = useTexts();
  const texts = useAccessTexts().data;
  const owner = useOwner();
  const { mutate, error, isPending } = useOwnData();
  const save = () =>
    mutate(undefined, {
      onSuccess: (data) => {
        const name = `${owner?.username ?? "account"}.json`;
        saveFile(name, JSON.stringify(data, null, 2), "application/json").then(
          () =>
            toast(data.cut ? texts.cut : texts.saved, { tone: data.cut ? "warning" : "success" }),
          () => toast(texts.failed, { tone: "danger" }),
        );
      },
    });
  return (
    <Section title={texts.title}>
      <Text tone="textMuted">{texts.intro}</Text>
      {error !== null && (
        <Banner tone="danger" title={texts.failed}>
          {errorText(error, all)}
        </Banner>
      )}
      <Button
        icon="download"
        label={texts.save}
        busy={isPending}
        onPress={save}
        style={styles.button}
      />
    </Section>
  );
}

const styles = StyleSheet.create({ button: { alignSelf: "flex-start" } });
