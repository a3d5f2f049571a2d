/** A task: a place holder until the task's own screen is here. */

import { Screen } from "../../components/screen";
import type { BoardAddress, TaskId } from "../../state/types";

export function TaskScreen({ task }: { readonly address: BoardAddress; readonly task: TaskId }) {
  return <Screen title={`#${task}`} width="full" />;
}
