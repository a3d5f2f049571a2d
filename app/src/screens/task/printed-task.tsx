/** A task on paper: all of it, with what is said about it. */

import { StyleSheet, View } from "react-native";
import { Heading, Text } from "../../components";
import { Printed } from "../../components/printed";
import type { BoardTask, OpenBoard } from "../../sync";
import { useBoardColumns } from "../../state/hooks";
import { useNameOf } from "../../state/names";
import { useChecklists } from "../../state/checklist-queries";
import { useComments } from "../../state/task-queries";
import { spacing } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { useFormats } from "../../utilities/texts/formats";
import { Fact } from "../../components/fact";
import { Markdown } from "../../components/markdown";

interface Props {
  readonly board: OpenBoard;
  readonly task: BoardTask;
}

export function PrintedTask(props: Props) {
  return (
    <Printed>
      <Whole {...props} />
    </Printed>
  );
}

function Whole({ board, task }: Props) {
  const { board: words, task: texts } = useTexts();
  const formats = useFormats();
  const nameOf = useNameOf();
  const column = useBoardColumns(board).find(({ key }) => key === task.status);
  return (
    <View style={styles.all}>
      <Heading level={1}>{task.title}</Heading>
      {task.waiting && <Text variant="label">{texts.waiting}</Text>}
      <Fact label={words.column} value={column?.name ?? task.status} />
      {task.assigned_to !== null && (
        <Fact label={texts.assignee} value={nameOf(task.assigned_to)} />
      )}
      {task.start_at !== null && <Fact label={texts.start} value={formats.start(task.start_at)} />}
      {task.due_at !== null && <Fact label={texts.due} value={formats.due(task.due_at)} />}
      {task.labels.length > 0 && <Fact label={texts.labels} value={task.labels.join(", ")} />}
      {Object.entries(task.fields).map(([name, value]) => (
        <Fact key={name} label={name} value={fieldText(value)} />
      ))}
      <Markdown source={task.description} />
      {board.address.mode === "teams" && (
        <>
          <Checklists board={board} task={task} />
          <Comments board={board} task={task} />
        </>
      )}
    </View>
  );
}

function Checklists({ board, task }: Props) {
  const nameOf = useNameOf();
  const formats = useFormats();
  const { lists } = useChecklists(board, task.id);
  return lists.map(({ id, title, items }) => (
    <View key={id}>
      <Heading level={2} look={3}>
        {title}
      </Heading>
      {items.map((item) => (
        <Text key={item.id}>
          {[
            `${item.done ? "☑" : "☐"} ${item.text}`,
            ...(item.assigned_to === null ? [] : [nameOf(item.assigned_to)]),
            ...(item.due_at === null ? [] : [formats.due(item.due_at)]),
          ].join(" · ")}
        </Text>
      ))}
    </View>
  ));
}

function Comments({ board, task }: Props) {
  const texts = useTexts().task;
  const formats = useFormats();
  const nameOf = useNameOf();
  const { comments } = useComments(board, task.id);
  if (comments.length === 0) return null;
  return (
    <>
      <Heading level={2} look={3}>
        {texts.comments}
      </Heading>
      {comments.map(({ id, body, author, created_by: by, created_at: at, waiting }) => (
        <View key={id}>
          <Text variant="label">
            {[
              author ?? nameOf(by),
              formats.date(at),
              ...(author === undefined ? [] : [texts.importedBy(nameOf(by))]),
              ...(waiting ? [texts.waiting] : []),
            ].join(" · ")}
          </Text>
          <Markdown source={body} />
        </View>
      ))}
    </>
  );
}

const fieldText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

const styles = StyleSheet.create({ all: { gap: spacing.m } });
