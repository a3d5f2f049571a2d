/** A column: its name, how full it is, its cards, and the place to add one. */

import { memo, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { StyleSheet, View } from "react-native";
import { useColumn } from "../../state/hooks";
import type { Column } from "../../state/types";
import { radii, spacing, useTheme } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { onWeb } from "../../utilities/web";
import { Badge } from "../avatar";
import { Heading, Text } from "../text";
import { useBoardParts } from "./board-context";
import { CardList } from "./card-list";
import { ColumnModel } from "./column-model";
import { QuickAdd } from "./quick-add";
import { webStyle } from "./web-style";

export const COLUMN_PADDING = spacing.s;

export const ColumnPanel = memo(function ColumnPanel({
  column,
  width,
  first,
  adding,
  onAdding,
}: {
  readonly column: Column;
  readonly width: number;
  readonly first: boolean;
  readonly adding: boolean;
  readonly onAdding: (key: string, open: boolean) => void;
}) {
  const { board, drag, heightOf, passes, mayEdit } = useBoardParts();
  const { colours } = useTheme();
  const model = useMemo(
    () => new ColumnModel(board, column.key, heightOf, passes),
    [board, column.key, heightOf, passes],
  );
  const { layout, total } = useColumn(board, column.key, model.view);
  const isOver = () => drag.gapIn(column.key) !== null;
  const over = useSyncExternalStore(drag.subscribe, isOver, isOver);
  // A column that changed under a card in the air: where it would fall is found again.
  useEffect(() => drag.refresh((id) => board.task(id) !== undefined), [drag, board, layout]);
  return (
    <View
      role="group"
      aria-label={column.name}
      {...onWeb({ dataSet: { column: column.key } })}
      style={[
        styles.column,
        {
          width,
          backgroundColor: colours.sunken,
          borderColor: over ? colours.accent : colours.border,
        },
        webStyle({ scrollSnapAlign: "center" }),
      ]}
    >
      <ColumnHead column={column} total={total} />
      <View style={styles.cards}>
        <CardList columnKey={column.key} label={column.name} layout={layout} />
        {layout.ids.length === 0 && !over && <Empty total={total} first={first} />}
      </View>
      {mayEdit && (
        <QuickAdd column={column} open={adding} onOpen={(open) => onAdding(column.key, open)} />
      )}
    </View>
  );
});

function ColumnHead({ column, total }: { readonly column: Column; readonly total: number }) {
  const texts = useTexts().board;
  const limit = column.wip_limit;
  const over = limit !== null && total > limit;
  const full = limit !== null && total >= limit;
  return (
    <View style={styles.head}>
      <Heading level={2} look={3} numberOfLines={1} style={styles.name}>
        {column.name}
      </Heading>
      <Text
        variant="label"
        tone="textMuted"
        aria-label={limit === null ? texts.tasks(total) : texts.limit(total, limit)}
        role="img"
      >
        {limit === null ? total : `${total}/${limit}`}
      </Text>
      <View style={styles.grow} />
      {full && (
        <View>
          <Badge tone="warning" icon="warning" label={over ? texts.overLimit : texts.full} />
        </View>
      )}
    </View>
  );
}

function Empty({ total, first }: { readonly total: number; readonly first: boolean }) {
  const { mayEdit } = useBoardParts();
  const texts = useTexts().board;
  const filtered = total > 0;
  const hint = mayEdit ? (first ? texts.emptyFirst : texts.emptyOther) : texts.emptyReadOnly;
  return (
    <View style={styles.empty} pointerEvents="none">
      <Text variant="label" tone="textMuted" style={styles.centre}>
        {filtered ? texts.noneFound : texts.emptyColumn}
      </Text>
      {!filtered && (
        <Text variant="small" tone="textMuted" style={styles.centre}>
          {hint}
        </Text>
      )}
    </View>
  );
}

/** Which column's form for a new task is open; at most one. */
export function useAdding(): [string | null, (key: string, open: boolean) => void] {
  const [adding, setAdding] = useState<string | null>(null);
  const [change] = useState(
    () => (key: string, open: boolean) =>
      setAdding((old) => (open ? key : old === key ? null : old)),
  );
  return [adding, change];
}

const styles = StyleSheet.create({
  column: {
    flexGrow: 0,
    flexShrink: 0,
    borderRadius: radii.l,
    borderWidth: 1,
    padding: COLUMN_PADDING,
    gap: spacing.s,
    minHeight: 0,
  },
  head: {
    flexDirection: "row",
    alignItems: "center",
    gap: spacing.s,
    minHeight: 32,
    paddingHorizontal: spacing.s,
  },
  name: { flexShrink: 1 },
  grow: { flex: 1 },
  cards: { flex: 1, minHeight: 0 },
  empty: { position: "absolute", left: 0, right: 0, top: 0, padding: spacing.l, gap: spacing.xs },
  centre: { textAlign: "center" },
});
