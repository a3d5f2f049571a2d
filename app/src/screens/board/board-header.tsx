/** The head of a board: its name, how live it is, who is here, and what can be done with all of it. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { useBoardParts } from "../../components/board/board-context";
import { ConnectionBadge } from "../../components/board/connection-badge";
import { NameField } from "../../components/board/name-field";
import { PresenceAvatars } from "../../components/board/presence-avatars";
import { IconButton } from "../../components/button";
import { Menu, type MenuItem } from "../../components/menu";
import { useHeadField } from "../../state/hooks";
import type { BoardChanges, BoardHead } from "../../state/types";
import { spacing, useLayout } from "../../theme";
import { LIMITS } from "../../utilities/limits";
import { useTexts } from "../../utilities/texts";

export interface HeaderActions {
  readonly members: () => void;
  readonly toggleActivity: () => void;
  readonly editColumns: () => void;
  readonly exportBoard: () => void;
  readonly deleteBoard: () => void;
}

export function BoardHeader({
  actions,
  activityOpen,
}: {
  readonly actions: HeaderActions;
  readonly activityOpen: boolean;
}) {
  const { board, mayEdit } = useBoardParts();
  const texts = useTexts().board;
  const name = useHeadField(board, "name");
  const description = useHeadField(board, "description") ?? "";
  const teams = board.address.mode === "teams";
  const compact = useLayout().layout === "phone";
  // A phone has no room to offer what few boards have: there the menu does.
  const [describing, setDescribing] = useState(false);
  const hidden = teams && compact && description === "";
  const items = useMenuItems(actions, hidden && !describing ? () => setDescribing(true) : null);
  const draftOf = (field: string) => ({ address: board.address, task: null, field });
  if (name === undefined) {
    return null;
  }
  const change = (changes: BoardChanges, before: Partial<BoardHead>) => {
    const head = board.head();
    board.changeBoard(changes, head === null ? undefined : { ...head, ...before });
  };
  return (
    <View style={styles.all}>
      <View style={styles.row}>
        <NameField
          look="title"
          value={name}
          label={texts.name}
          action={texts.rename}
          editable={mayEdit}
          maxLength={LIMITS.boardName}
          draft={draftOf("name")}
          onChange={(now, before) => change({ name: now }, { name: before })}
        />
        <ConnectionBadge />
        <View style={styles.grow} />
        <PresenceAvatars />
        <View style={styles.buttons}>
          {teams && <IconButton icon="people" label={texts.members} onPress={actions.members} />}
          <IconButton
            icon="activity"
            label={texts.activity}
            expanded={activityOpen}
            onPress={actions.toggleActivity}
          />
          <Menu label={texts.menu} items={items} />
        </View>
      </View>
      {teams && (describing || !hidden) && (
        <NameField
          openAtOnce={hidden}
          look="small"
          tone="textMuted"
          value={description}
          label={texts.description}
          action={description === "" ? texts.describe : texts.description}
          placeholder={texts.describe}
          editable={mayEdit}
          required={false}
          maxLength={LIMITS.description}
          draft={draftOf("description")}
          onChange={(now, before) => change({ description: now }, { description: before })}
        />
      )}
    </View>
  );
}

/** @param describe opens the description's field, where nothing else does */
function useMenuItems(actions: HeaderActions, describe: (() => void) | null): MenuItem[] {
  const { board, mayEdit, mayOwn } = useBoardParts();
  const texts = useTexts().board;
  const archived = useHeadField(board, "archived") === true;
  const teams = board.address.mode === "teams";
  const items: MenuItem[] = [];
  if (describe !== null && mayEdit) {
    items.push({ key: "describe", label: texts.describe, icon: "edit", onPress: describe });
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
  all: { gap: spacing.xxs },
  row: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.s },
  buttons: { flexDirection: "row", alignItems: "center" },
  grow: { flex: 1 },
});
