/** The head of a board in one row: its name, how live it is, who is here, what can be done with it. */

import type { ReactNode } from "react";
import { StyleSheet, View } from "react-native";
import { useBoardParts } from "./board-context";
import { ConnectionBadge } from "./connection-badge";
import { NameField } from "./name-field";
import { PresenceAvatars } from "./activity/presence-avatars";
import { IconButton } from "../components/button";
import { Menu, type MenuItem } from "../components/menu";
import type { BoardChanges, BoardHead, OpenBoard } from "../sync";
import { useConnection, useHeadField, useStall } from "../state/hooks";
import { spacing, useLayout } from "../theme";
import { useReturnFocus } from "../utilities/focus";
import { LIMITS } from "../utilities/limits";
import { useTexts } from "../utilities/texts";
import { useDescription } from "./board-description";

export interface HeaderActions {
  readonly members: () => void;
  readonly insights: () => void;
  readonly toggleActivity: () => void;
  readonly timeline: () => void;
  readonly editColumns: () => void;
  readonly exportBoard: () => void;
  readonly deleteBoard: () => void;
}

export function BoardHeader({
  actions,
  activityOpen,
  filters,
}: {
  readonly actions: HeaderActions;
  readonly activityOpen: boolean;
  readonly filters: ReactNode;
}) {
  const { board, mayEdit } = useBoardParts();
  const texts = useTexts().board;
  const name = useHeadField(board, "name");
  const teams = board.address.mode === "teams";
  const { layout } = useLayout();
  const compact = layout === "phone";
  const stalled = useStall(board) !== null;
  const live = useConnection(board).state === "live" && !stalled;
  const [menu, toMenu] = useReturnFocus();
  const description = useDescription(toMenu);
  const items = useMenuItems(actions, compact, description.ask);
  if (name === undefined) {
    return null;
  }
  return (
    <>
      <View style={styles.row}>
        <View style={styles.name}>
          <NameField
            look="title"
            value={name}
            label={texts.name}
            action={texts.rename}
            editable={mayEdit}
            maxLength={LIMITS.boardName}
            draft={{ address: board.address, task: null, field: "name" }}
            onChange={(now, before) => changeHead(board, { name: now }, { name: before })}
          />
        </View>
        {description.line !== null && <View style={styles.description}>{description.line}</View>}
        {(live || !compact) && <ConnectionBadge compact={compact} />}
        <View style={styles.buttons}>
          {!compact && <PresenceAvatars />}
          {filters}
          {teams && !compact && (
            <IconButton icon="people" label={texts.members} onPress={actions.members} />
          )}
          <IconButton
            icon="activity"
            label={texts.activity}
            expanded={activityOpen}
            onPress={actions.toggleActivity}
          />
          <Menu ref={menu} label={texts.menu} items={items} />
        </View>
      </View>
      {!live && compact && <ConnectionBadge />}
      {description.below}
    </>
  );
}

/** `before`: what it was when the change was begun. */
function changeHead(board: OpenBoard, changes: BoardChanges, before: Partial<BoardHead>): void {
  const head = board.head();
  board.changeBoard(changes, head === null ? undefined : { ...head, ...before });
}

/** @param describe opens the description's field, where nothing else does */
function useMenuItems(
  actions: HeaderActions,
  compact: boolean,
  describe: { readonly label: string; readonly open: () => void } | null,
): MenuItem[] {
  const { board, mayEdit, mayOwn } = useBoardParts();
  const texts = useTexts().board;
  const archived = useHeadField(board, "archived") === true;
  const teams = board.address.mode === "teams";
  const items: MenuItem[] = [];
  if (teams && compact) {
    items.push({ key: "members", label: texts.members, icon: "people", onPress: actions.members });
  }
  items.push({ key: "timeline", label: texts.timeline, icon: "clock", onPress: actions.timeline });
  if (teams) {
    items.push({
      key: "insights",
      label: texts.insights,
      icon: "chart",
      onPress: actions.insights,
    });
  }
  if (describe !== null) {
    const { label, open } = describe;
    items.push({ key: "describe", label, icon: "edit", onPress: open });
  }
  if (teams && mayOwn) {
    items.push({
      key: "columns",
      label: texts.editColumns,
      icon: "columns",
      onPress: actions.editColumns,
    });
  }
  if (teams && mayEdit) {
    items.push({
      key: "archive",
      label: archived ? texts.unarchive : texts.archive,
      icon: "archive",
      onPress: () => board.changeBoard({ archived: !archived }),
    });
  }
  items.push({
    key: "export",
    label: texts.exportBoard,
    icon: "download",
    onPress: actions.exportBoard,
  });
  if (mayOwn) {
    items.push({
      key: "delete",
      label: texts.deleteBoard,
      icon: "trash",
      danger: true,
      onPress: actions.deleteBoard,
    });
  }
  return items;
}

const styles = StyleSheet.create({
  row: {
    flexDirection: "row",
    alignItems: "center",
    columnGap: spacing.s,
    rowGap: spacing.xs,
    flexWrap: "wrap",
  },
  // Its words do not count for where the line breaks, and they are cut where there is no room.
  name: { flexGrow: 1, flexShrink: 1, flexBasis: 60, minWidth: 0, alignItems: "flex-start" },
  description: { flexGrow: 1, flexShrink: 1, flexBasis: 0, minWidth: 0, alignItems: "flex-start" },
  buttons: { flexDirection: "row", alignItems: "center", gap: spacing.xs, flexShrink: 1 },
});
