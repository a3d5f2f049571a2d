/** Changes that could not be sent as they are: each with its values, and what may become of it. */

import { StyleSheet, View } from "react-native";
import type { OpenBoard, Trouble } from "../../sync";
import { useBoardColumns, useTroubles } from "../../state/hooks";
import { radii, spacing, useTheme } from "../../theme";
import { useTexts, type Catalogue } from "../../utilities/texts";
import { useFormats } from "../../utilities/texts/formats";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { Menu } from "../../components/menu";
import { Heading, Text } from "../../components/text";
import { useWordContext } from "../activity/activity-panel";
import { ConflictChoice, type Clash } from "./conflict-choice";
import { LeftOfConflicts } from "./left-drafts";
import { refusalWords } from "./refusal-words";
import { fieldName, valueWords } from "./value-words";
import { useWhoChanged } from "./who-changed";

export function TroubleDialog({
  board,
  onClose,
}: {
  readonly board: OpenBoard;
  readonly onClose: () => void;
}) {
  const texts = useTexts().board;
  const troubles = useTroubles(board);
  const tasks = [...new Set(troubles.map(({ task }) => task))];
  return (
    <Dialog title={texts.troublesTitle} onClose={onClose} width={640}>
      <Text tone="textMuted">{texts.troublesHint}</Text>
      {tasks.map((task) => {
        const own = troubles.filter((trouble) => trouble.task === task);
        return (
          <OneTask
            key={task ?? "board"}
            board={board}
            troubles={own}
            onSettled={(count) => {
              if (troubles.length === count) {
                onClose();
              }
            }}
          />
        );
      })}
    </Dialog>
  );
}

/** Everything that is to be decided about one task, or about the board itself. */
function OneTask({
  board,
  troubles,
  onSettled,
}: {
  readonly board: OpenBoard;
  readonly troubles: readonly Trouble[];
  /** Called with how many are decided. */
  readonly onSettled: (count: number) => void;
}) {
  const { colours } = useTheme();
  const texts = useTexts().board;
  const clashes = troubles.flatMap((trouble): Clash[] =>
    trouble.kind.kind === "conflict"
      ? trouble.kind.fields.map((field) => ({ trouble, field }))
      : [],
  );
  const others = troubles.filter(({ kind }) => kind.kind !== "conflict");
  const subject = troubles[0]?.subject ?? "";
  const whoChanged = useWhoChanged(
    board,
    troubles[0]?.task ?? null,
    clashes.map(({ field }) => field),
  );
  const who = [...new Set(clashes.flatMap(({ field }) => whoChanged(field) ?? []))];
  const formats = useFormats();
  const clashed =
    who.length === 0 ? texts.conflictHead(subject) : texts.conflictBy(subject, formats.list(who));
  const headlines = [
    ...(clashes.length === 0 ? [] : [clashed]),
    ...others.map((trouble) => headline(trouble, texts)),
  ];
  return (
    <View
      role="group"
      aria-label={headlines[0]}
      style={[styles.one, { borderColor: colours.border, backgroundColor: colours.surface }]}
    >
      {clashes.length > 0 && (
        <>
          <Heading level={3}>{clashed}</Heading>
          <ConflictChoice
            board={board}
            clashes={clashes}
            onApply={(decisions) => {
              decisions.forEach(({ trouble, mine, combined }) =>
                board.resolve(trouble, mine, combined),
              );
              onSettled(decisions.length);
            }}
          />
        </>
      )}
      <LeftOfConflicts board={board} task={troubles[0]?.task ?? null} />
      {others.map((trouble) => (
        <OneTrouble
          key={trouble.id}
          board={board}
          trouble={trouble}
          onSettled={() => onSettled(1)}
        />
      ))}
    </View>
  );
}

/** What a deletion or a refusal is, in a line. */
function headline({ kind, subject }: Trouble, texts: Catalogue["board"]): string {
  return kind.kind === "deleted" ? texts.deletedHead(subject) : texts.refusedHead(subject);
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
  const all = useTexts();
  const texts = all.board;
  const { id, kind } = trouble;
  const settle = (how: () => void) => () => {
    how();
    onSettled();
  };
  if (kind.kind === "conflict") {
    return null;
  }
  return (
    <View style={styles.part}>
      <Heading level={3}>{headline(trouble, texts)}</Heading>
      {kind.kind === "refused" && <Text tone="danger">{refusalWords(trouble, board, all)}</Text>}
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
        <Button kind="quiet" label={texts.discard} onPress={settle(() => board.discard(id))} />
      </View>
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
  const context = useWordContext(board);
  return (
    <View style={styles.values}>
      <Text variant="label">{texts.youWrote}</Text>
      {Object.entries(mine).map(([field, value]) => (
        <Text key={field} variant="small">
          {`${fieldName(field, texts)}: ${valueWords(field, value, context)}`}
        </Text>
      ))}
    </View>
  );
}

const styles = StyleSheet.create({
  one: { borderWidth: 1, borderRadius: radii.m, padding: spacing.l, gap: spacing.m },
  part: { gap: spacing.m },
  actions: { flexDirection: "row", flexWrap: "wrap", gap: spacing.s },
  values: { gap: spacing.xxs },
});
