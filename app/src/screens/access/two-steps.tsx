/** Whether a log-in asks for a code beside the password, and what turns that on and off. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { Banner, Button, Spinner, Text, toast } from "../../components";
import { useDisableTotp, useReplaceCodes, useTotp } from "../../state/second-factor";
import { spacing } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { useAccessTexts } from "../../utilities/texts/access";
import { errorText } from "../../utilities/texts/errors";
import { useFormats } from "../../utilities/texts/formats";
import { Section } from "../profile/section";
import { BeginDialog } from "./begin-totp";
import { PasswordAndCodeDialog } from "./password-and-code";
import { RecoveryCodesDialog } from "./recovery-codes";

/** With so few left it is time for others. */
const FEW = 3;

type Open = "begin" | "replace" | "disable";

export function TwoSteps() {
  const all = useTexts();
  const texts = useAccessTexts().codes;
  const formats = useFormats();
  const { data, error, isLoading, refetch } = useTotp();
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const button = (what: Open, label: string) => (
    <Button label={label} onPress={() => setOpen(what)} web={{ "aria-haspopup": "dialog" }} />
  );
  const since = data?.enabled_at ?? null;
  return (
    <Section title={texts.title}>
      <Text tone="textMuted">{texts.intro}</Text>
      {isLoading && <Spinner />}
      {error !== null && (
        <Banner
          tone="danger"
          title={texts.failed}
          actions={<Button size="small" label={all.kit.retry} onPress={() => void refetch()} />}
        >
          {errorText(error, all)}
        </Banner>
      )}
      {data !== undefined && since === null && (
        <View style={styles.line}>{button("begin", texts.begin)}</View>
      )}
      {data !== undefined && since !== null && (
        <>
          <Text>{texts.on(formats.date(since))}</Text>
          {data.recovery_codes <= FEW ? (
            <Banner tone="warning">{texts.left(data.recovery_codes)}</Banner>
          ) : (
            <Text>{texts.left(data.recovery_codes)}</Text>
          )}
          <View style={styles.line}>
            {button("replace", texts.replace)}
            {button("disable", texts.disable)}
          </View>
        </>
      )}
      {open === "begin" && <BeginDialog onClose={close} />}
      {open === "replace" && <Replace onClose={close} />}
      {open === "disable" && <Disable onClose={close} />}
    </Section>
  );
}

function Replace({ onClose }: { readonly onClose: () => void }) {
  const texts = useAccessTexts().codes;
  const replacing = useReplaceCodes();
  if (replacing.data !== undefined) {
    return <RecoveryCodesDialog codes={replacing.data.recovery_codes} onClose={onClose} />;
  }
  return (
    <PasswordAndCodeDialog
      title={texts.replaceTitle}
      intro={texts.replaceIntro}
      confirm={texts.replaceDo}
      change={replacing}
      onClose={onClose}
    />
  );
}

function Disable({ onClose }: { readonly onClose: () => void }) {
  const texts = useAccessTexts().codes;
  const disabling = useDisableTotp();
  return (
    <PasswordAndCodeDialog
      title={texts.disableTitle}
      intro={texts.disableIntro}
      confirm={texts.disableDo}
      danger
      change={disabling}
      onDone={() => {
        toast(texts.disabled, { tone: "success" });
        onClose();
      }}
      onClose={onClose}
    />
  );
}

const styles = StyleSheet.create({
  line: { flexDirection: "row", flexWrap: "wrap", gap: spacing.m },
});
