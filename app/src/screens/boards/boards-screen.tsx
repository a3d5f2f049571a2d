/** The boards of a mode: search, make, import, and what lies in the archive and the trash. */

import { useIsFocused } from "@react-navigation/native";
import { useEffect, useRef, useState } from "react";
import { StyleSheet, View } from "react-native";
import {
  Banner,
  Button,
  ConfirmDialog,
  SegmentedControl,
  Select,
  TextField,
  useShortcuts,
  type Focusable,
} from "../../components";
import { Screen } from "../../components/screen";
import { open } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { usePreferences } from "../../state/preferences";
import type { BoardFilter } from "../../state/queries";
import type { Mode } from "../../state/types";
import { spacing } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { NewBoardDialog, RenameBoardDialog } from "./board-dialogs";
import { BoardList, type BoardOrder } from "./board-list";
import { ImportDialog } from "./import-dialog";
import { useBoardActions } from "./use-board-actions";

export function BoardsScreen({ mode }: { readonly mode: Mode }) {
  const { boards } = useTexts();
  const focused = useIsFocused();
  const [filter, setFilter] = useState<BoardFilter>("current");
  const [order, setOrder] = useState<BoardOrder>("activity");
  const [search, setSearch] = useState("");
  const [dialog, setDialog] = useState<"new" | "import" | null>(null);
  const searchField = useRef<Focusable>(null);
  const actions = useBoardActions(mode);
  const close = () => setDialog(null);
  const create = () => setDialog("new");

  useEffect(() => {
    if (focused) usePreferences.getState().setMode(mode);
  }, [focused, mode]);

  useShortcuts(
    {
      title: boards.shortcuts,
      shortcuts: [
        { keys: "n", label: boards.create, run: create },
        { keys: "/", label: boards.focusSearch, run: () => searchField.current?.focus() },
      ],
    },
    focused,
  );

  const teams = mode === "teams";
  return (
    <Screen
      title={teams ? boards.title : boards.quickWinTitle}
      actions={
        <>
          {teams && (
            <Button icon="upload" label={boards.import} onPress={() => setDialog("import")} />
          )}
          <Button kind="primary" icon="add" label={boards.create} onPress={create} />
        </>
      }
    >
      {!teams && <Banner icon="bolt">{boards.quickWinNote}</Banner>}
      <View style={styles.tools}>
        <TextField
          ref={searchField}
          label={boards.search}
          hideLabel
          placeholder={boards.search}
          icon="search"
          value={search}
          onChangeText={setSearch}
          inputMode="search"
          style={styles.search}
          onKeyDown={(event) => {
            if (event.key === "Escape") setSearch("");
          }}
        />
        {teams && (
          <SegmentedControl
            label={boards.show}
            hideLabel
            value={filter}
            onChange={setFilter}
            options={[
              { value: "current", label: boards.active },
              { value: "archived", label: boards.archived },
              { value: "deleted", label: boards.trash },
            ]}
          />
        )}
        <Select
          label={boards.sort}
          hideLabel
          value={order}
          onChange={setOrder}
          style={styles.order}
          options={[
            { value: "activity", label: boards.byActivity },
            { value: "name", label: boards.byName },
          ]}
        />
      </View>
      <BoardList
        mode={mode}
        filter={filter}
        order={order}
        search={search}
        onAction={actions.act}
        onCreate={create}
        onClearSearch={() => setSearch("")}
      />
      {dialog === "new" && (
        <NewBoardDialog
          mode={mode}
          onClose={close}
          onDone={(id) => {
            close();
            open(paths.board({ mode, id }));
          }}
        />
      )}
      {dialog === "import" && (
        <ImportDialog
          onClose={close}
          onOpen={({ id }) => {
            close();
            open(paths.board({ mode, id }));
          }}
        />
      )}
      {actions.renaming !== null && (
        <RenameBoardDialog mode={mode} board={actions.renaming} onClose={actions.close} />
      )}
      {actions.deleting !== null && (
        <ConfirmDialog
          title={boards.deleteTitle(actions.deleting.name)}
          message={boards.deleteText}
          confirm={boards.delete}
          danger
          onConfirm={actions.confirmDeletion}
          onClose={actions.close}
        />
      )}
    </Screen>
  );
}

const styles = StyleSheet.create({
  tools: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.m },
  search: { flexGrow: 1, flexBasis: 220 },
  order: { flexGrow: 0, minWidth: 170 },
});
