/** Where somebody is logged in; each but this one can be logged out from here. */

import { StyleSheet, View } from "react-native";
import { Badge, Banner, Button, Spinner, Text, toast } from "../../components";
import { useNow } from "../../components/use-now";
import type { Session } from "../../generated/api";
import { useEndSession, useSessions } from "../../state/access";
import { radii, spacing, useTheme } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { useAccessTexts } from "../../utilities/texts/access";
import { errorText } from "../../utilities/texts/errors";
import { useFormats } from "../../utilities/texts/formats";
import { Section } from "../profile/section";
import { deviceName } from "./device-name";

export function Sessions() {
  const all = useTexts();
  const texts = useAccessTexts().sessions;
  const query = useSessions();
  const ending = useEndSession();
  const end = (id: number) =>
    ending.mutate(id, {
      onSuccess: () => {
        toast(texts.ended, { tone: "success" });
      },
      onError: (error) => toast(errorText(error, all), { tone: "danger" }),
    });
  return (
    <Section title={texts.title}>
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
      {query.isLoading && <Spinner />}
      {query.data !== undefined && (
        <View role="list" style={styles.list}>
          {query.data.map((session) => (
            <Row
              key={session.id}
              session={session}
              busy={ending.isPending && ending.variables === session.id}
              onEnd={() => end(session.id)}
            />
          ))}
        </View>
      )}
    </Section>
  );
}

function Row({
  session: { user_agent: agent, created_at: since, last_seen_at: seen, expires_at: until, current },
  busy,
  onEnd,
}: {
  readonly session: Session;
  readonly busy: boolean;
  readonly onEnd: () => void;
}) {
  const texts = useAccessTexts().sessions;
  const { colours } = useTheme();
  const formats = useFormats();
  const now = useNow();
  const name = deviceName(agent, texts.on) ?? texts.unknown;
  const facts = [
    texts.since(formats.dateTime(since)),
    texts.seen(formats.relative(seen, Math.max(now, Date.parse(seen)))),
    texts.until(formats.date(until)),
  ].join(" · ");
  return (
    <View role="listitem" style={[styles.row, { borderColor: colours.border }]}>
      <View style={styles.words}>
        <View style={styles.name}>
          <Text variant="label">{name}</Text>
          {current && <Badge label={texts.here} tone="accent" />}
        </View>
        <Text variant="caption" tone="textMuted">
          {facts}
        </Text>
      </View>
      {!current && (
        <Button
          size="small"
          label={texts.end}
          accessibilityLabel={texts.endOne(`${name}, ${facts}`)}
          busy={busy}
          onPress={onEnd}
        />
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  list: { gap: spacing.s },
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
  name: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.s },
});
