/** The head of a column: its name, which is changed in place and carries it, how full it is, its menu. */

import { useState } from "react";
import { StyleSheet, Text as NativeText, View } from "react-native";
import type { Column } from "../../sync";
import { spacing } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { onWeb } from "../../utilities/web";
import { Badge } from "../../components/avatar";
import { Heading, Text } from "../../components/text";
import { useBoardParts } from "../board-context";
import { MAX_COLUMN_NAME } from "./columns-draft";
import { useEditInPlace } from "../edit-in-place";
import { NameEditor } from "../name-field";
import { webStyle } from "../web-style";
import { ColumnMenu } from "./column-menu";
import { LimitDialog } from "./limit-dialog";

export interface ColumnHeadProps {
  readonly column: Column;
  /** From 0. */
  readonly place: number;
  readonly count: number;
  /** How many tasks the filter lets through; null where there is none. */
  readonly shown: number | null;
  readonly total: number;
}

export function ColumnHead(props: ColumnHeadProps) {
  const { column } = props;
  const { board, columnChanges, mayArrange } = useBoardParts();
  const texts = useTexts().board;
  const [limiting, setLimiting] = useState(false);
  const field = `column/${column.key}`;
  const [edit, opener] = useEditInPlace({ address: board.address, task: null, field }, column.name);
  return (
    <View style={styles.head} {...onWeb(mayArrange ? { dataSet: { columnHead: column.key } } : {})}>
      {edit.editing && mayArrange ? (
        <NameEditor
          edit={edit}
          label={texts.columnNameOf(props.place + 1)}
          maxLength={MAX_COLUMN_NAME}
          onChange={(name, before) => columnChanges.rename(column.key, name, before)}
        />
      ) : (
        <>
          <ColumnName ref={opener} column={column} onRename={mayArrange ? edit.open : null} />
          <Count {...props} />
        </>
      )}
      {mayArrange && (
        <ColumnMenu
          column={column}
          place={props.place}
          count={props.count}
          onRename={edit.open}
          onLimit={() => setLimiting(true)}
        />
      )}
      {limiting && mayArrange && <LimitDialog column={column} onClose={() => setLimiting(false)} />}
    </View>
  );
}

/** The name. Whoever may arrange columns presses it to rename, and picks the column up with Space. */
function ColumnName({
  column,
  onRename,
  ref,
}: {
  readonly column: Column;
  readonly onRename: (() => void) | null;
  readonly ref: (control: NativeText | null) => void;
}) {
  const texts = useTexts().board;
  const web = {
    tabIndex: 0,
    dataSet: { columnName: column.key },
    "aria-keyshortcuts": "Enter Space",
    "aria-describedby": `grip-${column.key}`,
  } as const;
  return (
    <>
      <Heading level={2} look={3} numberOfLines={1} style={styles.name}>
        {onRename === null ? (
          column.name
        ) : (
          <NativeText
            ref={ref}
            role="button"
            onPress={onRename}
            {...onWeb(web)}
            style={webStyle({ cursor: "grab", userSelect: "none", outlineOffset: -2 })}
          >
            {column.name}
          </NativeText>
        )}
      </Heading>
      {onRename !== null && (
        <NativeText nativeID={`grip-${column.key}`} style={styles.described}>
          {texts.columnGrip}
        </NativeText>
      )}
    </>
  );
}

function Count({ column, shown, total }: ColumnHeadProps) {
  const texts = useTexts().board;
  const limit = column.wip_limit;
  const all = limit === null ? texts.tasks(total) : texts.limit(total, limit);
  const count = limit === null ? String(total) : `${total}/${limit}`;
  const over = limit !== null && total > limit;
  return (
    <>
      <Text
        variant="label"
        tone="textMuted"
        aria-label={shown === null ? all : texts.found(shown, total)}
        role="img"
      >
        {shown === null ? count : texts.shown(shown, total)}
      </Text>
      <View style={styles.grow} />
      {limit !== null && total >= limit && (
        <View>
          <Badge tone="warning" icon="warning" label={over ? texts.overLimit : texts.full} />
        </View>
      )}
    </>
  );
}

const styles = StyleSheet.create({
  head: {
    flexDirection: "row",
    alignItems: "center",
    gap: spacing.s,
    minHeight: 32,
    paddingLeft: spacing.s,
  },
  name: { flexShrink: 1 },
  described: { display: "none" },
  grow: { flex: 1 },
});
