/** By what somebody can log in: their password, and who they are at providers. Web only: phones have no way back yet. */

import { StyleSheet, View } from "react-native";
import { Banner, Button, Text, toast } from "../../components";
import { useNow } from "../../components/use-now";
import type { Identity } from "../../generated/api";
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
import { SignInError } from "./sign-in-error";

export function Identities() {
  const all = useTexts();
  const texts = useSignInTexts();
  const providers = useProviders().data?.items ?? [];
  const query = useIdentities();
  const linking = useLinkIdentity();
  const unlinking = useUnlinkIdentity();
  const { items = [], password = true } = query.data ?? {};
  // Where nobody logs in by a provider there is nothing to say.
  if (providers.length === 0 && items.length === 0) return null;
  const told = (error: unknown) => toast(errorText(error, all), { tone: "danger" });
  const unlink = ({ id, provider }: Identity) =>
    unlinking.mutate(id, {
      onSuccess: () => {
        toast(texts.unlinked(provider?.name ?? texts.gone), { tone: "success" });
      },
      onError: told,
    });
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
            busy={unlinking.isPending && unlinking.variables === identity.id}
            onUnlink={() => unlink(identity)}
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
        {free.map(({ id, name }) => (
          <Button
            key={id}
            label={texts.link(name)}
            busy={linking.isPending && linking.variables === id}
            onPress={() => linking.mutate(id, { onError: told })}
          />
        ))}
      </View>
    </Section>
  );
}

function Row({
  name,
  usedAt,
  busy = false,
  onUnlink,
}: {
  readonly name: string;
  readonly usedAt?: string;
  readonly busy?: boolean;
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
          busy={busy}
          onPress={onUnlink}
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
