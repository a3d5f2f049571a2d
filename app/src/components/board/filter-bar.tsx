/** Search and filters over the board. */

import { useState, type RefObject } from "react";
import { StyleSheet, View } from "react-native";
import { useTasks } from "../../state/hooks";
import type { BoardTask } from "../../state/types";
import { spacing } from "../../theme";
import { pressedKey } from "../../utilities/keys";
import { useTexts } from "../../utilities/texts";
import { Button, IconButton, type Focusable } from "../button";
import { Select } from "../select";
import { Text } from "../text";
import { TextField } from "../text-field";
import { useBoardParts } from "./board-context";
import { choices, isEmpty, NO_FILTER, type Filter } from "./filters";

const ANY = "any";
const NONE = "none";
/** Marks a name, so that nobody called "any" is mistaken. */
const named = (name: string) => `=${name}`;

export function FilterBar({
  filter,
  onFilter,
  field,
  compact,
}: {
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
  /** The search field, for the shortcut that leads to it. */
  readonly field: RefObject<Focusable | null>;
  readonly compact: boolean;
}) {
  const { board, passes } = useBoardParts();
  const texts = useTexts().board;
  const [open, setOpen] = useState(false);
  const set = [filter.assignee, filter.label, filter.due].filter((value) => value !== null).length;
  const teams = board.address.mode === "teams";
  const label = set > 0 ? texts.filtersOn(set) : texts.filters;
  const clear = () => onFilter(NO_FILTER);
  return (
    <View style={styles.all}>
      <View style={[styles.row, compact && styles.line]}>
        <TextField
          ref={field}
          label={texts.search}
          hideLabel
          icon="search"
          placeholder={compact ? texts.search : texts.searchHint}
          value={filter.text}
          onChangeText={(text) => onFilter({ ...filter, text })}
          onKeyDown={(event) => {
            if (pressedKey(event) === "Escape" && filter.text !== "") {
              event.preventDefault();
              onFilter({ ...filter, text: "" });
            }
          }}
          style={compact ? styles.grow : styles.search}
        />
        {compact ? (
          <IconButton
            icon="filter"
            label={label}
            tone={set > 0 ? "accent" : "textMuted"}
            expanded={open}
            onPress={() => setOpen(!open)}
          />
        ) : (
          <Button
            kind="secondary"
            icon="filter"
            label={label}
            expanded={open}
            onPress={() => setOpen(!open)}
          />
        )}
        {!isEmpty(filter) &&
          (compact ? (
            <IconButton icon="close" label={texts.clearFilters} onPress={clear} />
          ) : (
            <Button kind="quiet" label={texts.clearFilters} onPress={clear} />
          ))}
      </View>
      {passes !== null && <Found passes={passes} />}
      {open && <Choices filter={filter} onFilter={onFilter} teams={teams} />}
    </View>
  );
}

/** How many tasks the filter lets through. */
function Found({ passes }: { readonly passes: (task: BoardTask) => boolean }) {
  const { board } = useBoardParts();
  const texts = useTexts().board;
  const tasks = useTasks(board);
  return (
    <View role="status" aria-live="polite">
      <Text variant="small" tone="textMuted">
        {texts.found(tasks.filter(passes).length, tasks.length)}
      </Text>
    </View>
  );
}

function Choices({
  filter,
  onFilter,
  teams,
}: {
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
  readonly teams: boolean;
}) {
  const { board } = useBoardParts();
  const texts = useTexts().board;
  const { labels, assignees } = choices(useTasks(board));
  const assignee = filter.assignee === "" ? NONE : filter.assignee;
  return (
    <View style={styles.row}>
      <Select
        label={texts.assignee}
        value={assignee === null ? ANY : assignee === NONE ? NONE : named(assignee)}
        options={[
          { value: ANY, label: texts.anybody },
          { value: NONE, label: texts.nobody },
          ...assignees.map((name) => ({ value: named(name), label: name })),
        ]}
        onChange={(value) =>
          onFilter({
            ...filter,
            assignee: value === ANY ? null : value === NONE ? "" : value.slice(1),
          })
        }
        style={styles.choice}
      />
      {teams && (
        <>
          <Select
            label={texts.label}
            value={filter.label === null ? ANY : named(filter.label)}
            options={[
              { value: ANY, label: texts.anyLabel },
              ...labels.map((name) => ({ value: named(name), label: name })),
            ]}
            onChange={(value) =>
              onFilter({ ...filter, label: value === ANY ? null : value.slice(1) })
            }
            style={styles.choice}
          />
          <Select
            label={texts.due}
            value={filter.due ?? ANY}
            options={[
              { value: ANY, label: texts.anyDue },
              { value: "overdue", label: texts.dueOverdue },
              { value: "week", label: texts.dueWeek },
            ]}
            onChange={(value) =>
              onFilter({ ...filter, due: value === "overdue" || value === "week" ? value : null })
            }
            style={styles.choice}
          />
        </>
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  all: { gap: spacing.s },
  row: { flexDirection: "row", flexWrap: "wrap", gap: spacing.s, alignItems: "flex-end" },
  line: { flexWrap: "nowrap", alignItems: "center" },
  grow: { flexGrow: 1, flexShrink: 1, minWidth: 140 },
  search: { width: 340, maxWidth: "100%" },
  choice: { minWidth: 160, flexGrow: 1, maxWidth: 280 },
});
