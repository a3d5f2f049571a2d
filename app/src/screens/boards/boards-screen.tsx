/** The boards of a mode: search, make, import, and what is in the archive and the trash. */

import { useIsFocused } from "@react-navigation/native";
import { useEffect, useRef, useState, type RefObject } from "react";
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
import { lazyDialog } from "../../components/lazily";
import { OnlyHere } from "../../board/trouble/only-here";
import { Screen } from "../../navigation/screen";
import { open } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { usePreferences } from "../../state/preferences";
import type { BoardFilter } from "../../state/queries";
import type { Mode } from "../../sync";
import { spacing } from "../../theme";
import { pressedKey } from "../../utilities/keys";
import { useTexts } from "../../utilities/texts";
import { NewBoardDialog, RenameBoardDialog } from "./board-dialogs";
import { BoardList, type BoardOrder } from "./board-list";
import type { ImportDialogProps } from "./import-dialog";
import { useBoardActions } from "./use-board-actions";

const ImportDialog = lazyDialog<ImportDialogProps>(() =>
  import("./import-dialog").then(({ ImportDialog: dialog }) => dialog),
);

export function BoardsScreen({ mode }: { readonly mode: Mode }) {
  const { boards } = useTexts();
  const focused = useIsFocused();
  const [filter, setFilter] = useState<BoardFilter>("current");
  const [order, setOrder] = useState<BoardOrder>("activity");
  const [search, setSearch] = useState("");
  const [dialog, setDialog] = useState<OwnDialog>(null);
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
      <BoardTools
        teams={teams}
        field={searchField}
        filter={filter}
        onFilter={setFilter}
        order={order}
        onOrder={setOrder}
        search={search}
        onSearch={setSearch}
      />
      <BoardList
        mode={mode}
        filter={filter}
        order={order}
        search={search}
        onAction={actions.act}
        onCreate={create}
        onClearSearch={() => setSearch("")}
      />
      <BoardsDialogs mode={mode} dialog={dialog} onClose={close} actions={actions} />
    </Screen>
  );
}

/** Search, which boards, and their order. */
function BoardTools({
  teams,
  field,
  filter,
  onFilter,
  order,
  onOrder,
  search,
  onSearch,
}: {
  readonly teams: boolean;
  /** The search field, for the shortcut that leads to it. */
  readonly field: RefObject<Focusable | null>;
  readonly filter: BoardFilter;
  readonly onFilter: (filter: BoardFilter) => void;
  readonly order: BoardOrder;
  readonly onOrder: (order: BoardOrder) => void;
  readonly search: string;
  readonly onSearch: (search: string) => void;
}) {
  const { boards } = useTexts();
  return (
    <View style={styles.tools}>
      <TextField
        ref={field}
        label={boards.search}
        hideLabel
        placeholder={boards.search}
        icon="search"
        value={search}
        onChangeText={onSearch}
        inputMode="search"
        style={styles.search}
        onKeyDown={(event) => {
          if (pressedKey(event) === "Escape") onSearch("");
        }}
      />
      {teams && (
        <SegmentedControl
          label={boards.show}
          hideLabel
          value={filter}
          onChange={onFilter}
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
        onChange={onOrder}
        style={styles.order}
        options={[
          { value: "activity", label: boards.byActivity },
          { value: "name", label: boards.byName },
        ]}
      />
    </View>
  );
}

type OwnDialog = "new" | "import" | null;

/** The dialogs over the list, of which one at most is open. */
function BoardsDialogs({
  mode,
  dialog,
  onClose,
  actions,
}: {
  readonly mode: Mode;
  readonly dialog: OwnDialog;
  readonly onClose: () => void;
  readonly actions: ReturnType<typeof useBoardActions>;
}) {
  const { board, boards } = useTexts();
  const show = (id: number) => {
    onClose();
    open(paths.board({ mode, id }));
  };
  return (
    <>
      {dialog === "new" && <NewBoardDialog mode={mode} onClose={onClose} onDone={show} />}
      {dialog === "import" && <ImportDialog onClose={onClose} onOpen={({ id }) => show(id)} />}
      {actions.renaming !== null && (
        <RenameBoardDialog mode={mode} board={actions.renaming} onClose={actions.close} />
      )}
      {actions.deleting !== null && (
        <ConfirmDialog
          title={boards.deleteTitle(actions.deleting.name)}
          message={mode === "teams" ? board.deleteTeams(actions.deleting.name) : boards.deleteText}
          confirm={boards.delete}
          danger
          onConfirm={actions.confirmDeletion}
          onClose={actions.close}
        >
          <OnlyHere address={{ mode, id: actions.deleting.id }} />
        </ConfirmDialog>
      )}
    </>
  );
}

const styles = StyleSheet.create({
  tools: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.m },
  search: { flexGrow: 1, flexBasis: 220 },
  order: { flexGrow: 0, minWidth: 170 },
});
