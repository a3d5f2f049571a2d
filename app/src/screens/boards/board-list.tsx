/** The list itself: skeletons, tiles, and what is there when there is nothing to show. */

import { useEffect } from "react";
import { StyleSheet, View } from "react-native";
import { Banner, Button, EmptyState, Skeleton, Text, VisuallyHidden } from "../../components";
import { useNow } from "../../components/use-now";
import { QuickWinButton } from "../../navigation/app-bar";
import { useBoards, type BoardFilter, type ListedBoard } from "../../state/queries";
import type { Mode } from "../../sync";
import { radii, spacing, useLayout } from "../../theme";
import { NetworkError } from "../../utilities/request";
import { folded, holds, searchQuery } from "../../utilities/search";
import { useTexts } from "../../utilities/texts";
import { errorText, isNotConfigured } from "../../utilities/texts/errors";
import { useFormats } from "../../utilities/texts/formats";
import { BoardTile, type BoardAction } from "./board-tile";

export type BoardOrder = "activity" | "name";

interface Props {
  readonly mode: Mode;
  readonly filter: BoardFilter;
  readonly order: BoardOrder;
  readonly search: string;
  readonly onAction: (action: BoardAction, board: ListedBoard) => void;
  readonly onCreate: () => void;
  readonly onClearSearch: () => void;
}

/** The boards whose name or description the search finds, in the order asked for. */
export function arrange(
  all: readonly ListedBoard[],
  search: string,
  order: BoardOrder,
): readonly ListedBoard[] {
  const query = searchQuery(search);
  const found = all.filter(({ name, description }) =>
    holds(`${folded(name)}\n${folded(description)}`, query),
  );
  if (order === "name") return found.sort((a, b) => a.name.localeCompare(b.name));
  return found.sort((a, b) => Date.parse(b.updatedAt) - Date.parse(a.updatedAt));
}

/** How wide a tile is, in pixels, so that one to three fill a row. */
function tileWidth(window: number, phone: boolean): number {
  const room = Math.min(960, window - 2 * (phone ? spacing.l : spacing.xl));
  const columns = room >= 840 ? 3 : room >= 520 ? 2 : 1;
  return Math.floor((room - (columns - 1) * spacing.l) / columns);
}

/** So many pages are read by themselves for a search; who wants more asks for it. */
const MOST_PAGES = 25;

/** `whole`: every board was looked at. `reading`: more are being read. `part`: there are more. */
type Extent = "whole" | "reading" | "part";

/** Reads what is left of a list, one page after the other, while somebody searches in it. */
function useExtent(query: ReturnType<typeof useBoards>, searching: boolean): Extent {
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = query;
  const pages = query.data?.pages.length ?? 0;
  const goesOn = searching && hasNextPage && !isFetchNextPageError && pages < MOST_PAGES;
  useEffect(() => {
    if (goesOn && !isFetching) void fetchNextPage();
    // After each page again.
  }, [goesOn, isFetching, pages, fetchNextPage]);
  return goesOn ? "reading" : hasNextPage ? "part" : "whole";
}

export function BoardList(props: Props) {
  const { mode, filter, order, search } = props;
  const texts = useTexts();
  const { boards, kit } = texts;
  const { width, layout } = useLayout();
  const query = useBoards(mode, filter);
  const extent = useExtent(query, search.trim() !== "");
  const tile = tileWidth(width, layout === "phone");
  if (query.data === undefined) {
    if (query.error === null) return <Skeletons width={tile} />;
    return isNotConfigured(query.error) ? (
      <Banner tone="warning" title={texts.account.notConfiguredTitle} actions={<QuickWinButton />}>
        {texts.account.notConfigured}
      </Banner>
    ) : (
      <Banner
        tone="danger"
        title={boards.failed}
        actions={<Button size="small" label={kit.retry} onPress={() => void query.refetch()} />}
      >
        {errorText(query.error, texts)}
      </Banner>
    );
  }
  const all = query.data.pages.flatMap(({ items }) => items);
  const shown = arrange(all, search, order);
  return (
    <>
      {query.error !== null && <Stale error={query.error} since={query.dataUpdatedAt} />}
      {extent === "reading" && <Progress>{boards.searching(all.length)}</Progress>}
      {all.length === 0 ? (
        <Empty {...props} />
      ) : shown.length === 0 && extent !== "whole" ? (
        extent === "part" && <Progress>{boards.searchedSome(all.length)}</Progress>
      ) : shown.length === 0 ? (
        <EmptyState
          icon="search"
          title={boards.noMatch}
          actions={<Button label={boards.clearSearch} onPress={props.onClearSearch} />}
        >
          {boards.noMatchText(search.trim())}
        </EmptyState>
      ) : (
        <>
          <View role="status">
            <Text variant="small" tone="textMuted">
              {boards.count(shown.length)}
            </Text>
          </View>
          <View role="list" style={styles.list}>
            {shown.map((board) => (
              <BoardTile
                key={board.id}
                mode={mode}
                board={board}
                filter={filter}
                width={tile}
                onAction={props.onAction}
              />
            ))}
          </View>
        </>
      )}
      {extent === "part" && (
        <Button
          label={boards.more}
          busy={query.isFetchingNextPage}
          onPress={() => void query.fetchNextPage()}
        />
      )}
    </>
  );
}

/** How far a search has come. */
function Progress({ children }: { readonly children: string }) {
  return (
    <View role="status" aria-live="polite">
      <Text variant="small" tone="textMuted">
        {children}
      </Text>
    </View>
  );
}

/** The list is an old one, because the server could not be asked. */
function Stale({ error, since }: { readonly error: Error; readonly since: number }) {
  const texts = useTexts();
  const formats = useFormats();
  const now = useNow();
  const offline = error instanceof NetworkError;
  return (
    <Banner
      tone="warning"
      icon="offline"
      title={offline ? texts.boards.offlineTitle : errorText(error, texts)}
    >
      {texts.boards.offline(formats.relative(since, Math.max(now, since)))}
    </Banner>
  );
}

function Empty({ mode, filter, onCreate }: Props) {
  const { boards } = useTexts();
  if (filter === "archived") {
    return (
      <EmptyState icon="archive" title={boards.emptyArchived}>
        {boards.emptyArchivedText}
      </EmptyState>
    );
  }
  if (filter === "deleted") {
    return (
      <EmptyState icon="trash" title={boards.emptyTrash}>
        {boards.emptyTrashText}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="board"
      title={boards.emptyTitle}
      actions={<Button kind="primary" icon="add" label={boards.create} onPress={onCreate} />}
    >
      {mode === "teams" ? boards.emptyText : boards.emptyQuickWinText}
    </EmptyState>
  );
}

function Skeletons({ width }: { readonly width: number }) {
  const { kit } = useTexts();
  return (
    <View style={styles.list} aria-busy>
      <VisuallyHidden>{kit.loading}</VisuallyHidden>
      {[0, 1, 2].map((index) => (
        <View key={index} style={{ width }}>
          <Skeleton height={128} radius={radii.l} />
        </View>
      ))}
    </View>
  );
}

const styles = StyleSheet.create({
  list: { flexDirection: "row", flexWrap: "wrap", gap: spacing.l },
});
