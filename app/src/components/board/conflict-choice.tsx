/** Two values of each field side by side, and whose is kept. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import type { OpenBoard } from "../../state/board-session.interface";
import { useBoardColumns } from "../../state/hooks";
import type { Trouble } from "../../state/types";
import { radii, spacing, useTheme } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { useFormats } from "../../utilities/texts/formats";
import { Button } from "../button";
import { SegmentedControl } from "../choice";
import { Text } from "../text";
import { fieldName, valueWords } from "./value-words";

type Fields = Extract<Trouble["kind"], { kind: "conflict" }>["fields"];
type Side = "mine" | "theirs";

export function ConflictChoice({
  board,
  fields,
  onApply,
}: {
  readonly board: OpenBoard;
  readonly fields: Fields;
  /** Told for which fields the own value is kept. */
  readonly onApply: (mine: string[]) => void;
}) {
  const texts = useTexts().board;
  const [chosen, setChosen] = useState<Readonly<Record<string, Side>>>({});
  const all = fields.every(({ field }) => chosen[field] !== undefined);
  return (
    <View style={styles.all}>
      {fields.map((field) => (
        <OneField
          key={field.field}
          board={board}
          field={field}
          chosen={chosen[field.field] ?? null}
          onChoose={(side) => setChosen({ ...chosen, [field.field]: side })}
        />
      ))}
      <Button
        kind="primary"
        label={texts.apply}
        disabled={!all}
        onPress={() =>
          onApply(fields.map(({ field }) => field).filter((field) => chosen[field] === "mine"))
        }
        style={styles.apply}
      />
    </View>
  );
}

function OneField({
  board,
  field,
  chosen,
  onChoose,
}: {
  readonly board: OpenBoard;
  readonly field: Fields[number];
  readonly chosen: Side | null;
  readonly onChoose: (side: Side) => void;
}) {
  const { colours } = useTheme();
  const texts = useTexts().board;
  const formats = useFormats();
  const columns = useBoardColumns(board);
  const name = fieldName(field.field, texts);
  const sides = [
    { side: "mine", head: texts.mine, value: field.mine },
    { side: "theirs", head: texts.theirs, value: field.theirs },
  ] as const;
  return (
    <View style={styles.field}>
      <Text variant="label">{name}</Text>
      <View style={styles.sides}>
        {sides.map(({ side, head, value }) => (
          <View
            key={side}
            style={[
              styles.side,
              { borderColor: colours.border, backgroundColor: colours.background },
              chosen === side && { borderColor: colours.accent },
            ]}
          >
            <Text variant="caption" tone="textMuted">
              {head}
            </Text>
            <Text variant="small" numberOfLines={14}>
              {valueWords(field.field, value, texts, columns, formats.due)}
            </Text>
          </View>
        ))}
      </View>
      <SegmentedControl<Side | "none">
        label={name}
        hideLabel
        value={chosen ?? "none"}
        options={[
          { value: "mine", label: texts.keepMine },
          { value: "theirs", label: texts.keepTheirs },
        ]}
        onChange={(side) => {
          if (side !== "none") {
            onChoose(side);
          }
        }}
      />
    </View>
  );
}

const styles = StyleSheet.create({
  all: { gap: spacing.m },
  field: { gap: spacing.s },
  sides: { flexDirection: "row", flexWrap: "wrap", gap: spacing.s },
  side: { flexGrow: 1, flexBasis: 200, borderWidth: 2, borderRadius: radii.s, padding: spacing.s },
  apply: { alignSelf: "flex-start" },
});
