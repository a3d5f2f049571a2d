/** An open board: its head, its columns, the activity beside them, and the dialogs over them. */

import { useIsFocused, useRoute, type RouteProp } from "@react-navigation/native";
import { useCallback, useMemo, useRef, useState } from "react";
import { StyleSheet, View } from "react-native";
import { Banner, Button, type Focusable } from "../components";
import { ActivityPanel } from "./activity/activity-panel";
import { AtRisk } from "./trouble/at-risk";
import { BoardProvider } from "./board-context";
import { BoardView } from "./board-view";
import { PrintedBoard } from "./printed-board";
import { CardFocus } from "./card/card-focus";
import { useAdding } from "./columns/column";
import { addColumnWidth, columnWidthFor } from "./columns/column-width";
import { FilterChips } from "./filter/filter-chips";
import { FilterControls } from "./filter/filter-controls";
import { TroubleBanner } from "./trouble/trouble-banner";
import { filterOf, queryOf, type Filter } from "./filter/filters";
import { open, refilter } from "../navigation/open";
import { paths, type Routes } from "../navigation/routes";
import { useOthersChanges } from "./activity/others-changes";
import type { OpenBoard } from "../sync";
import { useBoardColumns, useHeadField } from "../state/hooks";
import { useAbsence } from "../state/last-visit";
import { useBoardNames } from "../state/queries";
import { spacing, useLayout } from "../theme";
import { useTexts } from "../utilities/texts";
import { BoardDialogs, type DialogState } from "./board-dialogs";
import { BoardHeader } from "./board-header";
import { BoardScroller } from "./columns/board-scroller";
import { Meanwhile, MeanwhilePanel } from "./looking-back";
import { StrayDrafts } from "./trouble/stray-drafts";
import { useBoardFilter } from "./filter/use-board-filter";
import { useAllParts } from "./use-all-parts";
import { useBoardShortcuts } from "./use-board-shortcuts";
import { useExport } from "./use-export";
import { useTroubleToasts } from "./trouble/use-trouble-toasts";
import { useUndoEvent, useUndoShortcuts } from "./activity/use-undo";

export function OpenBoardPage({
  board,
  me,
}: {
  readonly board: OpenBoard;
  /** The own name; null in quick-win mode. */
  readonly me: string | null;
}) {
  const { width: windowWidth, layout } = useLayout();
  const compact = layout === "phone";
  const [dialog, setDialog] = useState<DialogState | null>(null);
  const [beside, setBeside] = useState<"activity" | "meanwhile" | null>(null);
  const [absence, dealtWith] = useAbsence(board);
  const [room, setRoom] = useState(windowWidth);
  const [addingTo, onAdding] = useAdding();
  const [filtering, setFiltering] = useState(false);
  const search = useRef<Focusable>(null);
  const columns = useBoardColumns(board);
  const { addColumn } = useTexts().board;
  const adding = useHeadField(board, "role") === "owner" ? addColumnWidth(addColumn) : 0;
  const { width: columnWidth, snap } = columnWidthFor(room, columns.length, adding);
  const [focus] = useState(() => new CardFocus());
  const filter = useBoardFilter(
    board,
    focus,
    useGivenFilter(),
    useCallback((next: Filter) => refilter(board.address, queryOf(next)), [board]),
  );
  const filters = { filter: filter.filter, onFilter: filter.setFilter, field: search };
  const parts = useAllParts(board, me, columnWidth, focus, filter, setDialog);
  const undoEvent = useUndoEvent(board);
  const undoing = useUndoShortcuts(board, me);
  const exportBoard = useExport(
    board,
    useCallback(() => setDialog({ show: "export" }), []),
  );
  useBoardShortcuts(parts, {
    add: () => onAdding(columns[0]?.key ?? "", true),
    search: () => {
      // On a phone the field is folded away with the filters.
      setFiltering((open) => open || compact);
      setTimeout(() => search.current?.focus(), 0);
    },
    undoing,
  });
  useTroubleToasts(board);
  useBoardNames(board);
  const inView = useIsFocused();
  useOthersChanges(parts, beside === "activity" || !inView);
  const close = () => setBeside(null);
  const dismiss = useCallback(() => {
    setBeside((open) => (open === "meanwhile" ? null : open));
    dealtWith();
  }, [dealtWith]);
  return (
    <BoardProvider value={parts}>
      <BoardScroller
        top={
          <>
            <BoardHeader
              filters={<FilterControls {...filters} open={filtering} onOpen={setFiltering} />}
              activityOpen={beside === "activity"}
              actions={{
                members: () => open(paths.members(board.address.id)),
                insights: () => open(paths.insights(board.address.id)),
                toggleActivity: () => setBeside(beside === "activity" ? null : "activity"),
                timeline: () => open(paths.timeline(board.address)),
                editColumns: () => setDialog({ show: "columns" }),
                exportBoard,
                deleteBoard: () => setDialog({ show: "delete" }),
              }}
            />
            <FilterChips {...filters} open={filtering} />
            <Notices board={board} mayEdit={parts.mayEdit} />
            <StrayDrafts board={board} />
            {absence !== null && beside !== "meanwhile" && (
              <Meanwhile
                {...{ board, me, absence }}
                onShow={() => setBeside("meanwhile")}
                onDismiss={dismiss}
              />
            )}
            <TroubleBanner board={board} />
          </>
        }
      >
        <BoardView
          columnWidth={columnWidth}
          snap={snap}
          adding={addingTo}
          onAdding={onAdding}
          onWidth={setRoom}
        />
        {beside !== null && (
          <View style={compact ? styles.over : styles.beside}>
            {beside === "activity" && <ActivityPanel onClose={close} onUndo={undoEvent} />}
            {beside === "meanwhile" && absence !== null && (
              <MeanwhilePanel {...{ board, me, absence }} onClose={close} onDismiss={dismiss} />
            )}
          </View>
        )}
      </BoardScroller>
      <PrintedBoard filter={filter.filter} />
      <BoardDialogs state={dialog} onClose={() => setDialog(null)} />
    </BoardProvider>
  );
}

/** How the address says that the board is filtered. */
function useGivenFilter(): Filter {
  const { params } = useRoute<RouteProp<Routes, "Board" | "QuickWinBoard">>();
  return useMemo(() => filterOf(params), [params]);
}

/** What is to be known of the whole board: that it is archived, or may only be looked at. */
function Notices({ board, mayEdit }: { readonly board: OpenBoard; readonly mayEdit: boolean }) {
  const texts = useTexts().board;
  const archived = useHeadField(board, "archived") === true;
  const takeOut = () => board.changeBoard({ archived: false });
  return (
    <>
      {archived && (
        <Banner
          icon="archive"
          actions={mayEdit && <Button size="small" label={texts.unarchive} onPress={takeOut} />}
        >
          {texts.archived}
        </Banner>
      )}
      <AtRisk board={board} />
      {!mayEdit && <Banner icon="eye">{texts.viewer}</Banner>}
    </>
  );
}

const styles = StyleSheet.create({
  beside: { width: 320, paddingRight: spacing.m, paddingBottom: spacing.m },
  over: {
    position: "absolute",
    top: 0,
    right: 0,
    bottom: 0,
    left: 0,
    padding: spacing.s,
    zIndex: 5,
  },
});
