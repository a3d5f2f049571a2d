/** The filters, unfolded: one line of chips, each with the values of one kind. */

import { Pressable, ScrollView, StyleSheet, View } from "react-native";
import { useTasks } from "../../state/hooks";
import { useNameOf } from "../../state/names";
import type { BoardTask } from "../../sync";
import { radii, spacing, target, useLayout, useTheme } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { onWeb } from "../../utilities/web";
import { Icon } from "../../components/icon";
import { Menu, type MenuItem } from "../../components/menu";
import { Text } from "../../components/text";
import { useBoardParts } from "../board-context";
import { SearchField, type FilterProps } from "./filter-controls";
import { dueNames } from "./filter-words";
import { choices, toggled } from "./filters";

export function FilterChips({ open, ...props }: FilterProps & { readonly open: boolean }) {
  const { passes } = useBoardParts();
  const phone = useLayout().layout === "phone";
  return (
    <>
      {open && (
        <ScrollView
          horizontal
          showsHorizontalScrollIndicator={false}
          keyboardShouldPersistTaps="handled"
          style={styles.scroll}
          contentContainerStyle={styles.row}
        >
          {phone && <SearchField {...props} />}
          <Chips {...props} />
          {passes !== null && <Found passes={passes} />}
        </ScrollView>
      )}
      {!open && passes !== null && (
        <View style={styles.unseen}>
          <Found passes={passes} />
        </View>
      )}
    </>
  );
}

/** How many tasks the filter lets through. */
function Found({ passes }: { readonly passes: (task: BoardTask) => boolean }) {
  const { board } = useBoardParts();
  const texts = useTexts().board;
  const tasks = useTasks(board);
  return (
    <View role="status" aria-live="polite">
      <Text variant="small" tone="textMuted" numberOfLines={1}>
        {texts.found(tasks.filter(passes).length, tasks.length)}
      </Text>
    </View>
  );
}

function Chips({ filter, onFilter }: FilterProps) {
  const { board } = useBoardParts();
  const texts = useTexts().board;
  const { labels, assignees } = choices(useTasks(board));
  const dues = dueNames(texts);
  const called = useNameOf();
  const nameOf = (name: string) => (name === "" ? texts.nobody : called(name));
  // What is chosen and was taken off the last task stays, else nothing could take it out.
  const all = (values: readonly string[], picked: readonly string[]) => [
    ...new Set([...values, ...picked]),
  ];
  return (
    <>
      <FilterChip
        label={texts.assignee}
        values={all(["", ...assignees], filter.assignees)}
        picked={filter.assignees}
        nameOf={nameOf}
        onPicked={(picked) => onFilter({ ...filter, assignees: picked })}
      />
      {board.address.mode === "teams" && (
        <>
          <FilterChip
            label={texts.label}
            values={all(labels, filter.labels)}
            picked={filter.labels}
            nameOf={(name) => name}
            onPicked={(picked) => onFilter({ ...filter, labels: picked })}
          />
          <FilterChip
            label={texts.due}
            values={["overdue", "week"]}
            picked={filter.due}
            nameOf={(due) => dues[due]}
            onPicked={(picked) => onFilter({ ...filter, due: picked })}
          />
        </>
      )}
    </>
  );
}

function FilterChip<Value extends string>({
  label,
  values,
  picked,
  nameOf,
  onPicked,
}: {
  readonly label: string;
  readonly values: readonly Value[];
  readonly picked: readonly Value[];
  readonly nameOf: (value: Value) => string;
  readonly onPicked: (picked: readonly Value[]) => void;
}) {
  const texts = useTexts().board;
  const { colours } = useTheme();
  const on = picked.length > 0;
  const tone = on ? "onAccentSoft" : "text";
  const words = on ? `${label}: ${picked.map(nameOf).join(", ")}` : label;
  const items = values.map((value): MenuItem => ({
    key: `=${value}`,
    label: nameOf(value),
    checked: picked.includes(value),
    stays: true,
    onPress: () => onPicked(toggled(picked, value)),
  }));
  if (items.length === 0) {
    items.push({ key: "none", label: texts.noLabels, disabled: true, onPress: () => undefined });
  }
  return (
    <Menu
      label={label}
      items={items}
      trigger={({ onPress, expanded, web }) => (
        <Pressable
          role="button"
          aria-label={words}
          aria-expanded={expanded}
          onPress={onPress}
          {...onWeb(web)}
          style={[
            styles.chip,
            { borderColor: on ? colours.accent : colours.borderStrong },
            on && { backgroundColor: colours.accentSoft },
          ]}
        >
          <Text variant="small" tone={tone} numberOfLines={1} style={styles.words}>
            {words}
          </Text>
          <Icon name="down" size={14} tone={tone} />
        </Pressable>
      )}
    />
  );
}

const styles = StyleSheet.create({
  scroll: { flexGrow: 0 },
  row: { alignItems: "center", gap: spacing.s, paddingVertical: spacing.xxs },
  chip: {
    flexDirection: "row",
    alignItems: "center",
    gap: spacing.xs,
    minHeight: target,
    paddingHorizontal: spacing.m,
    borderWidth: 1,
    borderRadius: radii.round,
  },
  words: { maxWidth: 240 },
  unseen: { position: "absolute", width: 1, height: 1, overflow: "hidden", opacity: 0 },
});
