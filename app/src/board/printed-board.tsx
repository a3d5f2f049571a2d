/** A board on paper: every column below the other, every card that the filter lets through. */

import { StyleSheet, View } from "react-native";
import { useBoardColumns, useHeadField, useTasks } from "../state/hooks";
import { useNameOf } from "../state/names";
import type { BoardTask, Column } from "../sync";
import { spacing } from "../theme";
import { useTexts } from "../utilities/texts";
import { useFormats } from "../utilities/texts/formats";
import { Printed } from "../components/printed";
import { Heading, Text } from "../components/text";
import { useBoardParts } from "./board-context";
import { filterWords } from "./filter/filter-words";
import { NO_FILTER, type Filter } from "./filter/filters";
import { webStyle } from "./web-style";

/** @param filter which cards, said in words above them */
export function PrintedBoard({ filter = NO_FILTER }: { readonly filter?: Filter }) {
  return (
    <Printed>
      <Columns filter={filter} />
    </Printed>
  );
}

function Columns({ filter }: { readonly filter: Filter }) {
  const { board, passes } = useBoardParts();
  const texts = useTexts().board;
  const nameOf = useNameOf();
  const columns = useBoardColumns(board);
  const tasks = useTasks(board);
  const description = useHeadField(board, "description") ?? "";
  return (
    <View style={styles.board}>
      <Heading level={1}>{useHeadField(board, "name")}</Heading>
      {description !== "" && <Text>{description}</Text>}
      {passes !== null && (
        <Text>
          {[texts.found(tasks.filter(passes).length, tasks.length)]
            .concat(filterWords(filter, texts, nameOf))
            .join(" · ")}
        </Text>
      )}
      {columns.map((column) => (
        <PrintedColumn key={column.key} column={column} />
      ))}
    </View>
  );
}

function PrintedColumn({ column }: { readonly column: Column }) {
  const { board, passes } = useBoardParts();
  const texts = useTexts().board;
  const all = board.tasksIn(column.key);
  const tasks = passes === null ? all : all.filter(passes);
  const count = passes === null ? all.length : texts.shown(tasks.length, all.length);
  return (
    <View style={styles.column}>
      <Heading level={2} look={3}>
        {`${column.name} (${count})`}
      </Heading>
      {tasks.map((task) => (
        <PrintedCard key={task.id} task={task} />
      ))}
    </View>
  );
}

function PrintedCard({ task }: { readonly task: BoardTask }) {
  const texts = useTexts().board;
  const formats = useFormats();
  const nameOf = useNameOf();
  const facts = [
    task.start_at === null ? null : texts.startOn(formats.date(task.start_at)),
    task.due_at === null ? null : texts.dueOn(formats.date(task.due_at)),
    task.assigned_to === null ? null : texts.assignedTo(nameOf(task.assigned_to)),
    task.labels.length === 0 ? null : task.labels.join(", "),
  ].filter((fact) => fact !== null);
  return (
    <View style={[styles.card, webStyle({ breakInside: "avoid" })]}>
      <Text>{task.title}</Text>
      {facts.length > 0 && <Text variant="small">{facts.join(" · ")}</Text>}
    </View>
  );
}

const styles = StyleSheet.create({
  board: { gap: spacing.l },
  column: { gap: spacing.xs },
  card: { borderBottomWidth: 1, paddingVertical: spacing.xs },
});
