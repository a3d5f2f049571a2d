/** What of the activity is shown. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { Button, Select, TextField } from "../../components";
import { spacing } from "../../theme";
import type { ActivityFilter } from "../../utilities/request-admin";
import { useAdminTexts } from "../../utilities/texts/admin";
import { onWeb } from "../../utilities/web";
import { momentOf } from "./moments";

const ACTIONS = ["Add", "Update", "Move", "Delete"] as const;
const ENTITIES = [
  "board",
  "task",
  "comment",
  "checklist",
  "checklist_item",
  "member",
  "user",
] as const;

/** As typed. */
const EMPTY = { user: "", board: "", action: "", entity: "", from: "", to: "" };
type Typed = typeof EMPTY;
type Faults = Partial<
  Record<"user" | "board" | "from" | "to", "userWrong" | "boardWrong" | "timeWrong" | "orderWrong">
>;
/** Longer ones, and those with other characters, nobody has. */
const USERNAME = /^[\w.-]{1,32}$/u;

/** The filter, or what is wrong with what was typed. */
export function filterOf(typed: Typed): {
  readonly filter: ActivityFilter;
  readonly faults: Faults;
} {
  const faults: Faults = {};
  const filter: { -readonly [Name in keyof ActivityFilter]: ActivityFilter[Name] } = {};
  const user = typed.user.trim();
  if (USERNAME.test(user)) filter.user = user;
  else if (user !== "") faults.user = "userWrong";
  const board = typed.board.trim().replace(/^#/u, "");
  if (/^[1-9]\d{0,14}$/u.test(board)) filter.board = board;
  else if (board !== "") faults.board = "boardWrong";
  if (typed.action !== "") filter.action = typed.action;
  if (typed.entity !== "") filter.entity = typed.entity;
  for (const edge of ["from", "to"] as const) {
    if (typed[edge].trim() === "") continue;
    const moment = momentOf(typed[edge]);
    if (moment === null) faults[edge] = "timeWrong";
    else filter[edge] = moment;
  }
  if (filter.from !== undefined && filter.to !== undefined && filter.from >= filter.to) {
    faults.from = "orderWrong";
  }
  return { filter, faults };
}

export function ActivityFilters({
  onFilter,
}: {
  readonly onFilter: (filter: ActivityFilter) => void;
}) {
  const texts = useAdminTexts().activity;
  const words = texts.filters;
  const [typed, setTyped] = useState(EMPTY);
  const [faults, setFaults] = useState<Faults>({});
  const set = (name: keyof Typed) => (value: string) => setTyped({ ...typed, [name]: value });
  const apply = (now: Typed) => {
    setTyped(now);
    const next = filterOf(now);
    setFaults(next.faults);
    if (Object.keys(next.faults).length === 0) onFilter(next.filter);
  };
  const text = (name: "user" | "board" | "from" | "to", label: string, hint?: string) => {
    const fault = faults[name];
    return (
      <TextField
        label={label}
        hint={hint}
        value={typed[name]}
        onChangeText={set(name)}
        onSubmit={() => apply(typed)}
        autoCapitalize="none"
        inputMode={name === "board" ? "numeric" : undefined}
        error={fault === undefined ? undefined : words[fault]}
        style={styles.field}
      />
    );
  };
  const choice = <Value extends string>(
    name: "action" | "entity",
    label: string,
    values: readonly Value[],
    labels: Readonly<Record<Value, string>>,
  ) => (
    <Select
      label={label}
      value={typed[name]}
      onChange={(value: string) => apply({ ...typed, [name]: value })}
      options={[
        { value: "", label: words.any },
        ...values.map((value) => ({ value: value as string, label: labels[value] })),
      ]}
      style={styles.choice}
    />
  );
  return (
    <View {...onWeb({ role: "search" })} aria-label={words.label} style={styles.all}>
      <View style={styles.fields}>
        {text("user", words.user, words.userHint)}
        {text("board", words.board)}
        {choice("action", words.action, ACTIONS, texts.actions)}
        {choice("entity", words.entity, ENTITIES, texts.entities)}
        {text("from", words.since, words.timeHint)}
        {text("to", words.until)}
      </View>
      <View style={styles.buttons}>
        <Button icon="filter" label={words.apply} onPress={() => apply(typed)} />
        <Button kind="quiet" label={words.clear} onPress={() => apply(EMPTY)} />
      </View>
    </View>
  );
}

const styles = StyleSheet.create({
  all: { gap: spacing.m },
  fields: { flexDirection: "row", flexWrap: "wrap", alignItems: "flex-start", gap: spacing.m },
  field: { flexGrow: 1, flexBasis: 130 },
  choice: { flexGrow: 1, flexBasis: 120 },
  buttons: { flexDirection: "row", flexWrap: "wrap", gap: spacing.s },
});
