/** By what somebody can log in: their password, and who they are at providers. Web only: phones have no way back yet. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { Banner, Button, Text, toast } from "../../components";
import { useNow } from "../../components/use-now";
import type { Identity, Provider } from "../../generated/api";
import { paths } from "../../navigation/routes";
import {
  useIdentities,
  useLinkIdentity,
  useProviders,
  useUnlinkIdentity,
} from "../../state/sign-in";
import { radii, spacing, useTheme } from "../../theme";
import { startAddress } from "../../utilities/request-sign-in";
import { useTexts } from "../../utilities/texts";
import { errorText } from "../../utilities/texts/errors";
import { useFormats } from "../../utilities/texts/formats";
import { useSignInTexts } from "../../utilities/texts/sign-in";
import { Section } from "../profile/section";
import { ProofDialog } from "./proof-dialog";
import { SignInError } from "./sign-in-error";

export function Identities() {
  const all = useTexts();
  const texts = useSignInTexts();
  const providers = useProviders().data?.items ?? [];
  const query = useIdentities();
  const [linking, setLinking] = useState<Provider | null>(null);
  const [unlinking, setUnlinking] = useState<Identity | null>(null);
  const { items = [], password = true } = query.data ?? {};
  // Where nobody logs in by a provider there is nothing to say.
  if (providers.length === 0 && items.length === 0) return null;
  const free = providers.filter(({ id }) => items.every((item) => item.provider?.id !== id));
  const own = items.find(({ provider }) => provider !== null)?.provider;
  return (
    <Section title={texts.title}>
      <SignInError />
      {query.error !== null && (
        <Banner
          tone="danger"
          title={texts.failed}
          actions={
            <Button size="small" label={all.kit.retry} onPress={() => void query.refetch()} />
          }
        >
          {errorText(query.error, all)}
        </Banner>
      )}
      <Text tone="textMuted">{texts.intro}</Text>
      <View role="list" style={styles.list}>
        {password && <Row name={texts.password} />}
        {items.map((identity) => (
          <Row
            key={identity.id}
            name={identity.provider?.name ?? texts.gone}
            usedAt={identity.last_used_at}
            onUnlink={() => setUnlinking(identity)}
          />
        ))}
      </View>
      {!password && <Text>{texts.noPassword}</Text>}
      <View style={styles.line}>
        {!password && own && (
          <Button
            label={texts.again(own.name)}
            onPress={() => location.assign(startAddress(own.id, paths.profile, true))}
          />
        )}
        {free.map((provider) => (
          <Button
            key={provider.id}
            label={texts.link(provider.name)}
            onPress={() => setLinking(provider)}
            web={{ "aria-haspopup": "dialog" }}
          />
        ))}
      </View>
      {linking !== null && <Link provider={linking} onClose={() => setLinking(null)} />}
      {unlinking !== null && <Unlink identity={unlinking} onClose={() => setUnlinking(null)} />}
    </Section>
  );
}

function Link({
  provider,
  onClose,
}: {
  readonly provider: Provider;
  readonly onClose: () => void;
}) {
  const texts = useSignInTexts();
  const linking = useLinkIdentity(provider.id);
  return (
    <ProofDialog
      title={texts.link(provider.name)}
      intro={texts.linkIntro(provider.name)}
      confirm={texts.linkDo}
      proof
      change={linking}
      onDone={onClose}
      onClose={onClose}
    />
  );
}

function Unlink({
  identity,
  onClose,
}: {
  readonly identity: Identity;
  readonly onClose: () => void;
}) {
  const texts = useSignInTexts();
  const unlinking = useUnlinkIdentity(identity.id);
  const name = identity.provider?.name ?? texts.gone;
  return (
    <ProofDialog
      title={texts.unlinkOne(name)}
      intro={texts.unlinkIntro}
      confirm={texts.unlinkDo}
      danger
      proof
      change={unlinking}
      onDone={() => {
        toast(texts.unlinked(name), { tone: "success" });
        onClose();
      }}
      onClose={onClose}
    />
  );
}

function Row({
  name,
  usedAt,
  onUnlink,
}: {
  readonly name: string;
  readonly usedAt?: string;
  readonly onUnlink?: () => void;
}) {
  const texts = useSignInTexts();
  const { colours } = useTheme();
  const formats = useFormats();
  const now = useNow();
  return (
    <View role="listitem" style={[styles.row, { borderColor: colours.border }]}>
      <View style={styles.words}>
        <Text variant="label">{name}</Text>
        {usedAt !== undefined && (
          <Text variant="caption" tone="textMuted">
            {texts.lastUsed(formats.relative(usedAt, Math.max(now, Date.parse(usedAt))))}
          </Text>
        )}
      </View>
      {onUnlink !== undefined && (
        <Button
          size="small"
          label={texts.unlink}
          accessibilityLabel={texts.unlinkOne(name)}
          onPress={onUnlink}
          web={{ "aria-haspopup": "dialog" }}
        />
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  list: { gap: spacing.s },
  line: { flexDirection: "row", flexWrap: "wrap", gap: spacing.m },
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
