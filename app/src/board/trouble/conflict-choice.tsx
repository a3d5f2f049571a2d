/** Two values of each field side by side, and what becomes of them: one of them, or both as one text. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import type { OpenBoard, Trouble } from "../../sync";
import { draftName, drafts, useTaskDrafts } from "../../state/drafts";
import { useSession } from "../../state/session";
import { radii, spacing, useTheme } from "../../theme";
import { combineLines, combineTexts } from "../../utilities/combine";
import { LIMITS, lengthOf } from "../../utilities/limits";
import { trimmedLines } from "../../utilities/lines";
import { useTexts } from "../../utilities/texts";
import { canBeSeen } from "../../utilities/visible";
import { Button } from "../../components/button";
import { SegmentedControl } from "../../components/choice";
import { Text } from "../../components/text";
import { TextField } from "../../components/text-field";
import { useWordContext } from "../activity/activity-panel";
import { fieldName, valueWords } from "./value-words";
import { useWhoChanged } from "./who-changed";

type Field = Extract<Trouble["kind"], { kind: "conflict" }>["fields"][number];
type Side = "mine" | "theirs" | "both";
/** A text: both made into one. */
type Choice = "mine" | "theirs" | { readonly text: string };

/** A field of one of the conflicts that a task has. */
export interface Clash {
  readonly trouble: Trouble;
  readonly field: Field;
}

/** What is kept of one conflict: ours in `mine`, and for some of these a text of both. */
export interface Decision {
  readonly trouble: string;
  readonly mine: readonly string[];
  readonly combined: Readonly<Record<string, string>>;
}

export function ConflictChoice({
  board,
  clashes,
  onApply,
}: {
  readonly board: OpenBoard;
  /** All of one task. */
  readonly clashes: readonly Clash[];
  readonly onApply: (decisions: readonly Decision[]) => void;
}) {
  const texts = useTexts().board;
  const user = useSession((session) => session.user?.id ?? null);
  const task = clashes[0]?.trouble.task ?? null;
  const [sides, setSides] = useState<Readonly<Record<string, Side>>>({});
  const [written] = useTaskDrafts(board.address, task, isOfConflict);
  const nameOf = (clash: Clash) =>
    draftName({ address: board.address, task, field: draftOf(clash) }, user);
  /** What is made of both stays as it was typed, whatever is looked at meanwhile. */
  const choiceOf = (clash: Clash): Choice | null => {
    const text = written.find(([field]) => field === draftOf(clash))?.[1];
    const side = sides[keyOf(clash)] ?? (text === undefined ? null : "both");
    return side === "both" ? { text: text ?? bothOf(clash.field) } : side;
  };
  const whoChanged = useWhoChanged(
    board,
    task,
    clashes.map(({ field }) => field),
  );
  const ready = clashes.every((clash) => {
    const choice = choiceOf(clash);
    return choice !== null && (typeof choice === "string" || fits(clash.field, choice.text));
  });
  const apply = () => {
    const decisions = decisionsOf(clashes, choiceOf);
    clashes.forEach((clash) => drafts.clear(nameOf(clash)));
    onApply(decisions);
  };
  return (
    <View style={styles.all}>
      {clashes.map((clash) => (
        <OneField
          key={keyOf(clash)}
          board={board}
          field={clash.field}
          who={whoChanged(clash.field)}
          chosen={choiceOf(clash)}
          onChoose={(side) => setSides({ ...sides, [keyOf(clash)]: side })}
          onWrite={(text) => drafts.set(nameOf(clash), text, bothOf(clash.field))}
        />
      ))}
      <Button
        kind="primary"
        label={texts.apply}
        disabled={!ready}
        onPress={apply}
        style={styles.apply}
      />
    </View>
  );
}

const keyOf = ({ trouble, field }: Clash) => `${trouble.id}/${field.field}`;

/** The draft of what is made of both, as in `DraftKey`. */
const draftOf = (clash: Clash) => `${CONFLICT}${keyOf(clash)}`;
const CONFLICT = "conflict/";
const isOfConflict = (field: string) => field.startsWith(CONFLICT);

function decisionsOf(
  clashes: readonly Clash[],
  choiceOf: (clash: Clash) => Choice | null,
): Decision[] {
  const troubles = [...new Set(clashes.map(({ trouble }) => trouble.id))];
  return troubles.map((trouble) => {
    const own = clashes.filter((clash) => clash.trouble.id === trouble);
    const kept = own.filter((clash) => choiceOf(clash) !== "theirs");
    const combined = kept.flatMap((clash): [string, string][] => {
      const choice = choiceOf(clash);
      return choice !== null && typeof choice === "object"
        ? [[clash.field.field, trimmed(clash.field, choice.text)]]
        : [];
    });
    return {
      trouble,
      mine: kept.map(({ field }) => field.field),
      combined: Object.fromEntries(combined),
    };
  });
}

/** How long a text of this field may be, in characters; null: it is none. */
function mostOf({ field, mine, theirs }: Field): number | null {
  if (typeof mine !== "string" || typeof theirs !== "string") {
    return null;
  }
  switch (field) {
    case "title":
      return LIMITS.title;
    case "description":
      return LIMITS.description;
    case "body":
      return LIMITS.comment;
    case "text":
      return LIMITS.item;
    default:
      return field.startsWith("fields/") ? LIMITS.fieldValue : null;
  }
}

function trimmed(field: Field, text: string): string {
  return isLong(field) ? trimmedLines(text) : text.trim();
}

/** Whether it runs over several lines, or may. */
function isLong({ field, base, mine, theirs }: Field): boolean {
  const runsOn = (value: unknown) => typeof value === "string" && value.includes("\n");
  return field === "description" || field === "body" || [base, mine, theirs].some(runsOn);
}

function fits(field: Field, text: string): boolean {
  const length = lengthOf(text.trim());
  return length <= (mostOf(field) ?? 0) && (canBeSeen(text) || field.field === "description");
}

/** What combining begins with. */
function bothOf(field: Field): string {
  const { base, mine, theirs } = field;
  const [before, ours, others] = [base, mine, theirs].map((value) =>
    typeof value === "string" ? value : "",
  );
  return isLong(field)
    ? combineTexts(before ?? "", ours ?? "", others ?? "")
    : combineLines(ours ?? "", others ?? "");
}

function OneField({
  board,
  field,
  who,
  chosen,
  onChoose,
  onWrite,
}: {
  readonly board: OpenBoard;
  readonly field: Field;
  /** Who wrote theirs; null: not known. */
  readonly who: string | null;
  readonly chosen: Choice | null;
  readonly onChoose: (side: Side) => void;
  /** Called with the text merged from both. */
  readonly onWrite: (text: string) => void;
}) {
  const { colours } = useTheme();
  const { board: texts, kit } = useTexts();
  const context = useWordContext(board);
  const name = fieldName(field.field, texts);
  const most = mostOf(field);
  const side = typeof chosen === "object" && chosen !== null ? "both" : chosen;
  const sides = [
    { side: "mine", head: texts.mine, value: field.mine },
    {
      side: "theirs",
      head: who === null ? texts.theirs : texts.theirsBy(who),
      value: field.theirs,
    },
  ] as const;
  return (
    <View style={styles.field}>
      <Text variant="label">{name}</Text>
      <View style={styles.sides}>
        {sides.map((each) => (
          <View
            key={each.side}
            style={[
              styles.side,
              { borderColor: colours.border, backgroundColor: colours.background },
              side === each.side && { borderColor: colours.accent },
            ]}
          >
            <Text variant="caption" tone="textMuted">
              {each.head}
            </Text>
            <Text variant="small">{valueWords(field.field, each.value, context)}</Text>
          </View>
        ))}
      </View>
      <SegmentedControl<Side | "none">
        label={name}
        hideLabel
        value={side ?? "none"}
        options={[
          { value: "mine", label: texts.keepMine },
          { value: "theirs", label: texts.keepTheirs },
          ...(most === null ? [] : [{ value: "both", label: texts.combine } as const]),
        ]}
        onChange={(next) => {
          if (next !== "none") onChoose(next);
        }}
      />
      {typeof chosen === "object" && chosen !== null && most !== null && (
        <TextField
          label={texts.combined(name)}
          lines={isLong(field) ? 6 : 1}
          value={chosen.text}
          error={
            lengthOf(chosen.text.trim()) > most
              ? kit.tooLong(lengthOf(chosen.text.trim()), most)
              : null
          }
          onChangeText={onWrite}
        />
      )}
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
