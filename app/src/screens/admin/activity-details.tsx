/** One entry in full: what changed, and what it was about as it was right then. */

import { StyleSheet, View } from "react-native";
import { Dialog, Heading, Text } from "../../components";
import { DataTable } from "../../components/charts";
import type { Activity } from "../../generated/api";
import { spacing } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { useFormats } from "../../utilities/texts/formats";
import { useAdminTexts } from "../../utilities/texts/admin";
import { AsItWas } from "./as-it-was";
import { useActivityWords } from "./use-activity-words";

export function ActivityDetails({
  activity,
  onClose,
}: {
  readonly activity: Activity;
  readonly onClose: () => void;
}) {
  const texts = useAdminTexts().activity;
  const fields: Readonly<Record<string, string>> = useTexts().board.fields;
  const formats = useFormats();
  const words = useActivityWords()(activity);
  const called = (field: string) =>
    Object.hasOwn(fields, field) ? (fields[field] ?? field) : field;
  const value = (it: unknown) => written(it, texts.nothing);
  const changes = Object.entries(activity.changes ?? {}).filter(([, pair]) => pair !== undefined);
  return (
    <Dialog title={words} onClose={onClose} width={640}>
      <Text variant="small" tone="textMuted">
        {`${formats.date(activity.timestamp)}, ${formats.clock(activity.timestamp)} · ${activity.actor.username}`}
      </Text>
      <AsItWas activity={activity} onLeave={onClose} />
      {changes.length > 0 && (
        <View style={styles.part}>
          <Heading level={2} look={3}>
            {texts.changed}
          </Heading>
          <DataTable
            words
            label={texts.changed}
            columns={[texts.field, texts.before, texts.after]}
            rows={changes.map(([field, pair]) => [
              called(field),
              value(pair?.[0]),
              value(pair?.[1]),
            ])}
          />
        </View>
      )}
      <View style={styles.part}>
        <Heading level={2} look={3}>
          {texts.asItWas}
        </Heading>
        <DataTable
          words
          label={texts.asItWas}
          columns={[texts.field, texts.entry]}
          rows={Object.entries(entityOf(activity)).map(([field, it]) => [called(field), value(it)])}
        />
      </View>
    </Dialog>
  );
}

/** What the entry is about, as it was after it; for a deletion, before. */
function entityOf(activity: Activity): object {
  switch (activity.entity) {
    case "task":
      return activity.task;
    case "comment":
      return activity.comment;
    case "member":
      return activity.member;
    case "board":
      return activity.board;
    case "user":
      return activity.user;
  }
}

function written(value: unknown, nothing: string): string {
  if (value === null || value === undefined || value === "") return nothing;
  return typeof value === "string" ? value : JSON.stringify(value);
}

const styles = StyleSheet.create({ part: { gap: spacing.s } });
