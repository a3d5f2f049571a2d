/** Changes that could not be sent as they are: each with its values, and what may become of it. */

import { StyleSheet, View } from "react-native";
import type { OpenBoard } from "../../state/board-session.interface";
import { useBoardColumns, useTroubles } from "../../state/hooks";
import type { Trouble } from "../../state/types";
import { radii, spacing, useTheme } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { useFormats } from "../../utilities/texts/formats";
import { Button } from "../button";
import { Dialog } from "../dialog";
import { Menu } from "../menu";
import { Heading, Text } from "../text";
import { ConflictChoice } from "./conflict-choice";
import { fieldName, valueWords } from "./value-words";

export function TroubleDialog({
  board,
  onClose,
}: {
  readonly board: OpenBoard;
  readonly onClose: () => void;
}) {
  const texts = useTexts().board;
  const troubles = useTroubles(board);
  return (
    <Dialog title={texts.troublesTitle} onClose={onClose} width={640}>
      <Text tone="textMuted">{texts.troublesHint}</Text>
      {troubles.map((trouble) => (
        <OneTrouble
          key={trouble.id}
          board={board}
          trouble={trouble}
          onSettled={() => {
            if (troubles.length === 1) {
              onClose();
            }
          }}
        />
      ))}
    </Dialog>
  );
}

/** What a trouble is, in a line. */
function useHeadline(trouble: Trouble): string {
  const texts = useTexts().board;
  switch (trouble.kind.kind) {
    case "conflict":
      return texts.conflictHead(trouble.subject);
    case "deleted":
      return texts.deletedHead(trouble.subject);
    default:
      return texts.refusedHead(trouble.subject);
  }
}

function OneTrouble({
  board,
  trouble,
  onSettled,
}: {
  readonly board: OpenBoard;
  readonly trouble: Trouble;
  readonly onSettled: () => void;
}) {
  const { colours } = useTheme();
  const texts = useTexts().board;
  const headline = useHeadline(trouble);
  const { id, kind } = trouble;
  const settle = (how: () => void) => () => {
    how();
    onSettled();
  };
  const discard = (
    <Button kind="quiet" label={texts.discard} onPress={settle(() => board.discard(id))} />
  );
  return (
    <View
      role="group"
      aria-label={headline}
      style={[styles.one, { borderColor: colours.border, backgroundColor: colours.surface }]}
    >
      <Heading level={3}>{headline}</Heading>
      {kind.kind === "conflict" ? (
        <ConflictChoice
          board={board}
          fields={kind.fields}
          onApply={(mine) => settle(() => board.resolve(id, mine))()}
        />
      ) : (
        <>
          {kind.kind === "refused" && <Text tone="danger">{kind.message}</Text>}
          <Mine board={board} mine={kind.mine} />
          <View style={styles.actions}>
            <Button
              kind="primary"
              label={kind.kind === "deleted" ? texts.makeAnew : texts.tryAgain}
              onPress={settle(() => board.retry(id))}
            />
            {kind.kind === "refused" && "status" in kind.mine && (
              <Elsewhere board={board} trouble={trouble} onSettled={onSettled} />
            )}
            {discard}
          </View>
        </>
      )}
    </View>
  );
}

/** The columns that a refused task may go to instead. */
function Elsewhere({
  board,
  trouble,
  onSettled,
}: {
  readonly board: OpenBoard;
  readonly trouble: Trouble;
  readonly onSettled: () => void;
}) {
  const texts = useTexts().board;
  const columns = useBoardColumns(board);
  const room = columns.filter(
    ({ key, wip_limit }) => wip_limit === null || board.column(key).length < wip_limit,
  );
  return (
    <Menu
      label={texts.moveElsewhere}
      button={{ icon: "columns" }}
      items={room.map(({ key, name }) => ({
        key,
        label: name,
        onPress: () => {
          board.retry(trouble.id, { status: key, before: null });
          onSettled();
        },
      }))}
    />
  );
}

/** What the user wrote, field by field: nothing of it is lost. */
function Mine({
  board,
  mine,
}: {
  readonly board: OpenBoard;
  readonly mine: Readonly<Record<string, unknown>>;
}) {
  const texts = useTexts().board;
  const formats = useFormats();
  const columns = useBoardColumns(board);
  return (
    <View style={styles.values}>
      <Text variant="label">{texts.youWrote}</Text>
      {Object.entries(mine).map(([field, value]) => (
        <Text key={field} variant="small">
          {`${fieldName(field, texts)}: ${valueWords(field, value, texts, columns, formats.due)}`}
        </Text>
      ))}
    </View>
  );
}

const styles = StyleSheet.create({
  one: { borderWidth: 1, borderRadius: radii.m, padding: spacing.l, gap: spacing.m },
  actions: { flexDirection: "row", flexWrap: "wrap", gap: spacing.s },
  values: { gap: spacing.xxs },
});
