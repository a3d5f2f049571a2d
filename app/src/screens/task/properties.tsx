/** What a task has beside its text: beside it where there is room, else close together above it. */

import { StyleSheet, View } from "react-native";
import type { CardCommands } from "../../board/board-context";
import { spacing } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { DueField, StartField } from "./day-field";
import { LabelsField } from "./labels-field";
import { AssigneeField, StatusField } from "./people-and-place";
import type { TaskPartProps } from "./task-part";

export function Properties({
  beside,
  start,
  move,
  ...part
}: TaskPartProps & {
  /** In a column of its own. */
  readonly beside: boolean;
  /** Its field; `asked`: somebody asked for it just now. */
  readonly start: "shown" | "asked" | "hidden";
  readonly move: CardCommands["move"];
}) {
  const { properties } = useTexts().task;
  const cell = beside ? null : styles.cell;
  return (
    <View role="group" aria-label={properties} style={[styles.all, !beside && styles.close]}>
      <View style={cell}>
        <StatusField {...part} move={move} />
      </View>
      <View style={cell}>
        <AssigneeField {...part} />
      </View>
      {part.board.address.mode === "teams" && (
        <>
          {start !== "hidden" && (
            <View style={cell}>
              <StartField {...part} asked={start === "asked"} />
            </View>
          )}
          <View style={cell}>
            <DueField {...part} />
          </View>
          <View style={cell}>
            <LabelsField {...part} />
          </View>
        </>
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  // What is suggested for a label is over the text below.
  all: { gap: spacing.l, zIndex: 1 },
  close: { flexDirection: "row", flexWrap: "wrap", gap: spacing.m },
  cell: { flexGrow: 1, flexBasis: 150, minWidth: 0 },
});
