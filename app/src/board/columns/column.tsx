/** A column: its head, its cards, and the place to add one. */

import { memo, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { StyleSheet, View } from "react-native";
import { useColumn } from "../../state/hooks";
import type { Column } from "../../sync";
import { radii, spacing, useTheme } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { onWeb } from "../../utilities/web";
import { Icon } from "../../components/icon";
import { Text } from "../../components/text";
import { useBoardParts } from "../board-context";
import { CardList } from "./card-list";
import { ColumnHead } from "./column-head";
import { ColumnModel } from "./column-model";
import { QuickAdd } from "./quick-add";
import { webStyle } from "../web-style";

export const COLUMN_PADDING = spacing.s;

export const ColumnPanel = memo(function ColumnPanel({
  column,
  width,
  order,
  adding,
  onAdding,
}: {
  readonly column: Column;
  readonly width: number;
  /** The keys of all columns, from left to right; the same array until it changes. */
  readonly order: readonly string[];
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
  const isOver = () => drag.over(column.key);
  const over = useSyncExternalStore(drag.subscribe, isOver, isOver);
  // A column that changed under a card in the air: where it would fall is found again.
  useEffect(() => drag.refresh((id) => board.task(id)?.id ?? null), [drag, board, layout]);
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
          borderColor:
            over === "full" ? colours.danger : over === "open" ? colours.accent : colours.border,
        },
        webStyle({ scrollSnapAlign: "center" }),
      ]}
    >
      <ColumnHead
        column={column}
        place={order.indexOf(column.key)}
        count={order.length}
        shown={passes === null ? null : layout.ids.length}
        total={total}
      />
      <View style={styles.cards}>
        <CardList columnKey={column.key} label={column.name} layout={layout} order={order} />
        {layout.ids.length === 0 && over === null && (
          <Empty total={total} first={order[0] === column.key} />
        )}
        {over === "full" && <FullNow count={total} limit={column.wip_limit ?? total} />}
      </View>
      {mayEdit && (
        <QuickAdd column={column} open={adding} onOpen={(open) => onAdding(column.key, open)} />
      )}
    </View>
  );
});

/** Says, while a card is held over a full column, that it cannot fall there. */
function FullNow({ count, limit }: { readonly count: number; readonly limit: number }) {
  const { colours } = useTheme();
  const texts = useTexts().board;
  return (
    <View
      pointerEvents="none"
      style={[styles.full, { backgroundColor: colours.dangerSoft, borderColor: colours.danger }]}
    >
      <Icon name="warning" tone="onDangerSoft" />
      <Text variant="label" tone="onDangerSoft">
        {texts.fullNow(count, limit)}
      </Text>
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
  cards: { flex: 1, minHeight: 0 },
  empty: { position: "absolute", left: 0, right: 0, top: 0, padding: spacing.l, gap: spacing.xs },
  full: {
    position: "absolute",
    left: 0,
    right: 0,
    top: 0,
    flexDirection: "row",
    alignItems: "center",
    justifyContent: "center",
    gap: spacing.s,
    padding: spacing.m,
    borderWidth: 1,
    borderRadius: radii.m,
  },
  centre: { textAlign: "center" },
});
