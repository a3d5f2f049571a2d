/** Guards that no toast keeps reporting a change that the server refused. */

import { act, renderHook } from "@testing-library/react-native";
import { aTask } from "../../testing/boards";
import { FakeBoard } from "../../testing/fake-board";
import type { Trouble } from "../../sync";
import { useToasts } from "../../state/toasts";
import { showChange } from "../activity/change-toast";
import { useTroubleToasts } from "./use-trouble-toasts";

const conflict: Trouble = {
  id: "t",
  task: 1,
  subject: "One",
  at: 0,
  kind: {
    kind: "conflict",
    fields: [{ field: "status", base: "todo", mine: "in_progress", theirs: "finished" }],
  },
};

it("a move that gets into a conflict is no longer shown as done", async () => {
  const board = new FakeBoard([aTask({ id: 1 })], { mode: "teams", id: 7 });
  await renderHook(() => useTroubleToasts(board));
  await act(() => showChange("“One” moved", { label: "Undo", run: () => undefined, key: "undo" }));
  expect(useToasts.getState().toasts).toHaveLength(1);
  await act(() => board.tell({ troubles: [conflict] }));
  expect(useToasts.getState().toasts).toEqual([]);
});
