/** The user's e-mail address: none, one that waits to be confirmed, or one that is theirs. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { Banner, Button, Spinner, Text, toast } from "../../components";
import type { Email } from "../../generated/api";
import { useEmail, useMail, useResendEmail } from "../../state/email";
import { useSession } from "../../state/session";
import { spacing } from "../../theme";
import { useLanguage, useTexts } from "../../utilities/texts";
import { useEmailTexts } from "../../utilities/texts/email";
import { errorText } from "../../utilities/texts/errors";
import { useFormats } from "../../utilities/texts/formats";
import { Section } from "../profile/section";
import { RemoveEmailDialog, SetEmailDialog } from "./email-dialogs";

export function EmailSection() {
  const all = useTexts();
  const texts = useEmailTexts();
  const mail = useMail();
  const { data, error, refetch } = useEmail();
  const [open, setOpen] = useState<"set" | "remove" | null>(null);
  const has = data !== undefined && (data.address !== null || data.pending !== null);
  // Without mails an address has no use.
  if (!mail && !has) return null;
  const button = (what: "set" | "remove", label: string) => (
    <Button label={label} onPress={() => setOpen(what)} web={{ "aria-haspopup": "dialog" }} />
  );
  return (
    <Section title={all.account.email}>
      <Text tone="textMuted">{texts.intro}</Text>
      {data === undefined && error === null && <Spinner />}
      {error !== null && (
        <Banner
          tone="danger"
          title={texts.failed}
          actions={<Button size="small" label={all.kit.retry} onPress={() => void refetch()} />}
        >
          {errorText(error, all)}
        </Banner>
      )}
      {data !== undefined && <State email={data} />}
      {data !== undefined && (
        <View style={styles.line}>
          {mail && button("set", has ? texts.change : texts.add)}
          {has && button("remove", texts.remove)}
        </View>
      )}
      {open === "set" && <SetEmailDialog onClose={() => setOpen(null)} />}
      {open === "remove" && <RemoveEmailDialog onClose={() => setOpen(null)} />}
    </Section>
  );
}

function State({ email: { address, verified_at: since, pending } }: { readonly email: Email }) {
  const texts = useEmailTexts();
  const formats = useFormats();
  if (pending === null) {
    return (
      <Text>
        {address === null || since === null
          ? texts.none
          : texts.confirmed(address, formats.date(since))}
      </Text>
    );
  }
  return (
    <>
      <Banner tone="warning" actions={<Resend />}>
        {texts.pending(pending.address, formats.dateTime(pending.expires_at))}
      </Banner>
      {address !== null && <Text>{texts.stays(address)}</Text>}
    </>
  );
}

function Resend() {
  const all = useTexts();
  const texts = useEmailTexts();
  const mail = useSession((session) => session.mail);
  const language = useLanguage();
  const { mutate, isPending } = useResendEmail();
  if (!mail) return null;
  const resend = () =>
    mutate(
      { language },
      {
        onSuccess: () => toast(texts.sent, { tone: "success" }),
        onError: (error) => toast(errorText(error, all), { tone: "danger" }),
      },
    );
  return <Button size="small" label={texts.resend} busy={isPending} onPress={resend} />;
}

const styles = StyleSheet.create({
  line: { flexDirection: "row", flexWrap: "wrap", gap: spacing.m },
});
