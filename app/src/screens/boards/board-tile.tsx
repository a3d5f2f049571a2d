/** One board in the list: its name leads to it, its menu does the rest. */

import { memo } from "react";
import { StyleSheet, View } from "react-native";
import { Avatar, Badge, Button, Heading, Link, Menu, Text, type MenuItem } from "../../components";
import { useNow } from "../../components/use-now";
import { paths } from "../../navigation/routes";
import type { BoardFilter, ListedBoard } from "../../state/queries";
import type { Mode } from "../../sync";
import { coloursOf, radii, spacing, useTheme } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { useFormats } from "../../utilities/texts/formats";

export type BoardAction = "rename" | "archive" | "unarchive" | "members" | "delete" | "restore";

interface Props {
  readonly mode: Mode;
  readonly board: ListedBoard;
  readonly filter: BoardFilter;
  /** In pixels. */
  readonly width: number;
  readonly onAction: (action: BoardAction, board: ListedBoard) => void;
}

/** What this user may do with it: editors change, owners delete, and without accounts anybody. */
function actionsFor(mode: Mode, { entry }: ListedBoard): readonly BoardAction[] {
  if (mode === "quick-win" || entry === null) return ["rename", "delete"];
  const archiving = entry.archived ? "unarchive" : "archive";
  switch (entry.role) {
    case "owner":
      return ["rename", "members", archiving, "delete"];
    case "editor":
      return ["rename", "members", archiving];
    case "viewer":
      return ["members"];
  }
}

const icons = {
  rename: "edit",
  archive: "archive",
  unarchive: "undo",
  members: "people",
  delete: "trash",
  restore: "undo",
} as const;

/** How many columns are named; the others are only counted. */
const COLUMNS = 5;

export const BoardTile = memo(function BoardTile({ mode, board, filter, width, onAction }: Props) {
  const { colours, scheme, shadows } = useTheme();
  const { boards } = useTexts();
  const formats = useFormats();
  const now = useNow();
  const { name, description, entry } = board;
  const items: MenuItem[] = actionsFor(mode, board).map((action) => ({
    key: action,
    label: boards[action],
    icon: icons[action],
    danger: action === "delete",
    onPress: () => onAction(action, board),
  }));
  // The clock ticks once a minute: what is newer than its last tick is "now".
  const since = (moment: string) => formats.relative(moment, Math.max(now, Date.parse(moment)));
  const when =
    filter === "deleted" && entry?.deleted_at !== undefined
      ? boards.deleted(since(entry.deleted_at))
      : boards.changed(since(board.updatedAt));
  const heading = (
    <Heading level={2} look={3} numberOfLines={2}>
      {name}
    </Heading>
  );
  return (
    <View
      role="listitem"
      style={[
        styles.tile,
        { width, backgroundColor: colours.surface, borderColor: colours.border },
        shadows.card,
      ]}
    >
      <View style={[styles.stripe, { backgroundColor: coloursOf(name, scheme).text }]} />
      <View style={styles.head}>
        <View style={styles.grow}>
          {filter === "deleted" ? (
            heading
          ) : (
            <Link to={paths.board({ mode, id: board.id })} label={name} style={styles.name}>
              {heading}
            </Link>
          )}
        </View>
        {filter !== "deleted" && <Menu label={boards.menu(name)} items={items} />}
      </View>
      {description !== "" && (
        <Text variant="small" tone="textMuted" numberOfLines={2}>
          {description}
        </Text>
      )}
      <View style={styles.grow} />
      <Columns board={board} />
      <People board={board} />
      <View style={styles.foot}>
        {entry !== null && <Badge label={boards.roles[entry.role]} />}
        <Text variant="caption" tone="textMuted" style={styles.when}>
          {when}
        </Text>
        {filter === "deleted" && entry?.role === "owner" && (
          <Button
            size="small"
            icon="undo"
            label={boards.restore}
            accessibilityLabel={`${boards.restore}: ${name}`}
            onPress={() => onAction("restore", board)}
          />
        )}
      </View>
    </View>
  );
});

/** How many tasks each column has. */
function Columns({ board }: { readonly board: ListedBoard }) {
  const { boards } = useTexts();
  const formats = useFormats();
  const { columns } = board;
  const shown = columns.slice(0, COLUMNS);
  return (
    <View
      role="img"
      aria-label={formats.list(columns.map(({ name, tasks }) => boards.columnCount(name, tasks)))}
      style={styles.counts}
    >
      {shown.map(({ name, tasks }, index) => (
        <View key={index} style={styles.count}>
          <Text variant="label">{formats.number(tasks)}</Text>
          <Text variant="caption" tone="textMuted" numberOfLines={1}>
            {name}
          </Text>
        </View>
      ))}
      {columns.length > COLUMNS && (
        <Text variant="caption" tone="textMuted">
          {boards.others(columns.length - COLUMNS)}
        </Text>
      )}
    </View>
  );
}

/** The first few who are on it. */
function People({ board: { members, memberCount } }: { readonly board: ListedBoard }) {
  const { boards } = useTexts();
  const formats = useFormats();
  if (members.length === 0) return null;
  const names = members.map(({ display_name: name }) => name);
  const more = memberCount - members.length;
  return (
    <View role="img" aria-label={boards.membersOf(formats.list(names), more)} style={styles.people}>
      {members.map(({ username }) => (
        <Avatar key={username} name={username} size={24} decorative />
      ))}
      {more > 0 && (
        <Text variant="caption" tone="textMuted">
          {boards.others(more)}
        </Text>
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  counts: { flexDirection: "row", flexWrap: "wrap", columnGap: spacing.m, rowGap: spacing.xs },
  count: { flexDirection: "row", alignItems: "baseline", gap: spacing.xs, maxWidth: "100%" },
  people: { flexDirection: "row", alignItems: "center", gap: spacing.xs },
  tile: {
    gap: spacing.s,
    minHeight: 128,
    padding: spacing.l,
    paddingLeft: spacing.l + 4,
    borderWidth: 1,
    borderRadius: radii.l,
    overflow: "hidden",
  },
  stripe: { position: "absolute", left: 0, top: 0, bottom: 0, width: 4 },
  head: { flexDirection: "row", alignItems: "flex-start", gap: spacing.s },
  name: { minHeight: 32, justifyContent: "center", alignSelf: "stretch" },
  foot: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.s },
  when: { flexGrow: 1 },
  grow: { flex: 1, minWidth: 0 },
});
