/** One entry in full: what changed, and what it was about as it was right then. */

import { fieldChanges } from "../../board/trouble/field-changes";
import { StyleSheet, View } from "react-native";
import { Dialog, Heading, Text } from "../../components";
import { DataTable } from "../../components/charts";
import type { Activity } from "../../generated/api";
import { spacing } from "../../theme";
import { useFormats } from "../../utilities/texts/formats";
import { useAdminTexts } from "../../utilities/texts/admin";
import { AsItWas } from "./as-it-was";
import { useActivityWords } from "./use-activity-words";
import { fieldsOf, useValues } from "./use-values";

export function ActivityDetails({
  activity,
  onClose,
}: {
  readonly activity: Activity;
  readonly onClose: () => void;
}) {
  const texts = useAdminTexts().activity;
  const formats = useFormats();
  const words = useActivityWords()(activity);
  const { field: called, value } = useValues();
  const changes = fieldChanges(activity.changes ?? {});
  const onlyPlace = changes.length === 0 && "position" in (activity.changes ?? {});
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
            rows={changes.map(({ field, old, now }) => [
              called(field),
              value(field, old),
              value(field, now),
            ])}
          />
        </View>
      )}
      {onlyPlace && <Text>{texts.onlyPlace}</Text>}
      <View style={styles.part}>
        <Heading level={2} look={3}>
          {texts.asItWas}
        </Heading>
        <DataTable
          words
          label={texts.asItWas}
          columns={[texts.field, texts.entry]}
          rows={fieldsOf(entityOf(activity)).map(([field, it]) => [
            called(field),
            value(field, it),
          ])}
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
    case "checklist":
      return activity.checklist;
    case "checklist_item":
      return activity.checklist_item;
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

const styles = StyleSheet.create({ part: { gap: spacing.s } });
