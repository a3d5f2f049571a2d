/** The user's passkeys: a list, and what adds, renames and removes one. In the browser only. */

import { useState } from "react";
import { Platform, StyleSheet, View } from "react-native";
import { Banner, Button, Spinner, Text, toast } from "../../components";
import { useNow } from "../../components/use-now";
import type { Passkey } from "../../generated/api";
import {
  useAddPasskey,
  usePasskeys,
  useRemovePasskey,
  useRenamePasskey,
} from "../../state/passkeys";
import { useProviders } from "../../state/sign-in";
import { radii, spacing, useTheme } from "../../theme";
import { hasPasskeys } from "../../utilities/passkey-browser";
import { useTexts } from "../../utilities/texts";
import { errorText } from "../../utilities/texts/errors";
import { useFormats } from "../../utilities/texts/formats";
import { usePasskeyTexts } from "../../utilities/texts/passkeys";
import { Section } from "../profile/section";
import { deviceName } from "./device-name";
import { ProofDialog } from "./proof-dialog";

export function Passkeys() {
  const texts = usePasskeyTexts();
  return (
    <Section title={texts.title}>
      {Platform.OS === "web" ? <OwnPasskeys /> : <Text tone="textMuted">{texts.webOnly}</Text>}
    </Section>
  );
}

/** What is about to be done with which. */
interface Asked {
  readonly what: "rename" | "remove";
  readonly passkey: Passkey;
}

export function OwnPasskeys() {
  const all = useTexts();
  const texts = usePasskeyTexts();
  const { data, error, isLoading, refetch } = usePasskeys();
  const offered = useProviders().data?.passkeys;
  const [adding, setAdding] = useState(false);
  // Here rather than in its row, which goes with a passkey that is removed elsewhere: what is typed stays.
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  const why = offered === false ? texts.off : hasPasskeys() ? undefined : texts.unable;
  return (
    <>
      <Text tone="textMuted">{texts.intro}</Text>
      {why !== undefined && <Text>{why}</Text>}
      {error !== null && (
        <Banner
          tone="danger"
          title={texts.failed}
          actions={<Button size="small" label={all.kit.retry} onPress={() => void refetch()} />}
        >
          {errorText(error, all)}
        </Banner>
      )}
      {isLoading && <Spinner />}
      {data?.length === 0 && why === undefined && <Text>{texts.none}</Text>}
      {data !== undefined && data.length > 0 && (
        <View role="list" style={styles.list}>
          {data.map((passkey) => (
            <Row key={passkey.id} passkey={passkey} ask={(what) => setAsked({ what, passkey })} />
          ))}
        </View>
      )}
      {why === undefined && (
        <Button
          label={texts.add}
          onPress={() => setAdding(true)}
          web={{ "aria-haspopup": "dialog" }}
          style={styles.button}
        />
      )}
      {adding && <Add onClose={() => setAdding(false)} />}
      {asked?.what === "rename" && <Rename passkey={asked.passkey} onClose={close} />}
      {asked?.what === "remove" && <Remove passkey={asked.passkey} onClose={close} />}
    </>
  );
}

function Add({ onClose }: { readonly onClose: () => void }) {
  const texts = usePasskeyTexts();
  const adding = useAddPasskey();
  return (
    <ProofDialog
      title={texts.addTitle}
      intro={texts.addIntro}
      confirm={texts.addDo}
      name={deviceName(navigator.userAgent, texts.on) ?? ""}
      proof
      change={adding}
      onDone={() => {
        toast(texts.addDone, { tone: "success" });
        onClose();
      }}
      onClose={onClose}
    />
  );
}

function Row({
  passkey: { name, created_at: since, last_used_at: used },
  ask,
}: {
  readonly passkey: Passkey;
  readonly ask: (what: Asked["what"]) => void;
}) {
  const texts = usePasskeyTexts();
  const { colours } = useTheme();
  const formats = useFormats();
  const now = useNow();
  const ago = (time: string) => formats.relative(time, Math.max(now, Date.parse(time)));
  const facts = [texts.added(formats.date(since)), used ? texts.used(ago(used)) : texts.neverUsed];
  const button = (what: Asked["what"], label: string, spoken: string) => (
    <Button
      size="small"
      label={label}
      accessibilityLabel={spoken}
      onPress={() => ask(what)}
      web={{ "aria-haspopup": "dialog" }}
    />
  );
  return (
    <View role="listitem" style={[styles.row, { borderColor: colours.border }]}>
      <View style={styles.words}>
        <Text variant="label">{name}</Text>
        <Text variant="caption" tone="textMuted">
          {facts.join(" · ")}
        </Text>
      </View>
      {button("rename", texts.rename, texts.renameOne(name))}
      {button("remove", texts.remove, texts.removeOne(name))}
    </View>
  );
}

interface OfOne {
  readonly passkey: Passkey;
  readonly onClose: () => void;
}

function Rename({ passkey: { id, name }, onClose }: OfOne) {
  const { kit } = useTexts();
  const texts = usePasskeyTexts();
  const renaming = useRenamePasskey(id);
  return (
    <ProofDialog
      title={texts.renameTitle}
      confirm={kit.save}
      name={name}
      change={renaming}
      onDone={() => {
        toast(texts.renameDone, { tone: "success" });
        onClose();
      }}
      onClose={onClose}
    />
  );
}

function Remove({ passkey: { id, name }, onClose }: OfOne) {
  const texts = usePasskeyTexts();
  const removing = useRemovePasskey(id);
  return (
    <ProofDialog
      title={texts.removeTitle(name)}
      intro={texts.removeIntro}
      confirm={texts.removeDo}
      danger
      proof
      change={removing}
      onDone={() => {
        toast(texts.removeDone, { tone: "success" });
        onClose();
      }}
      onClose={onClose}
    />
  );
}

const styles = StyleSheet.create({
  list: { gap: spacing.s },
  button: { alignSelf: "flex-start" },
  row: {
    flexDirection: "row",
    flexWrap: "wrap",
    alignItems: "center",
    gap: spacing.m,
    padding: spacing.m,
    borderWidth: 1,
    borderRadius: radii.m,
  },
  words: { flexGrow: 1, flexShrink: 1, flexBasis: 200 },
});
