/** Boards, tasks and events for tests. */

import type { Event } from "../generated/api";
import { type BoardHead, type BoardTask, type Member, type Snapshot, UNWRITTEN } from "../sync";

export const MOMENT = "2026-01-09T17:00:00.000Z";
export const EPOCH = "0f8fad5b-d9cb-469f-a165-70867728950e";

export function aTask(task: Partial<BoardTask> & { readonly id: number }): BoardTask {
  return {
    ...UNWRITTEN,
    board_id: 7,
    title: `Task ${task.id}`,
    status: "todo",
    position: String(task.id).padStart(6, "0"),
    fields: {},
    comment_count: 0,
    item_count: 0,
    done_count: 0,
    created_by: "ada",
    version: 1,
    created_at: MOMENT,
    updated_at: MOMENT,
    waiting: false,
    ...task,
  };
}

export function aHead(head: Partial<BoardHead> = {}): BoardHead {
  return {
    id: 7,
    epoch: EPOCH,
    name: "Launch",
    description: "",
    columns: [
      { key: "todo", name: "To do", wip_limit: null },
      { key: "in_progress", name: "In progress", wip_limit: null },
      { key: "finished", name: "Finished", wip_limit: null },
    ],
    role: "owner",
    seq: 0,
    version: 1,
    archived: false,
    created_at: MOMENT,
    updated_at: MOMENT,
    ...head,
  };
}

export function aMember(id: number, username: string, role: Member["role"] = "editor"): Member {
  return { id, username, role, created_at: MOMENT, updated_at: MOMENT };
}

export function aSnapshot(tasks: readonly BoardTask[], head: Partial<BoardHead> = {}): Snapshot {
  return { head: aHead(head), tasks, members: [aMember(1, "ada", "owner")] };
}

/** A task event as the wire has it. */
export function aTaskEvent(
  seq: number,
  action: "Add" | "Update" | "Move" | "Delete",
  task: BoardTask,
  username = "grace",
): Extract<Event, { entity: "task" }> {
  const { waiting: _waiting, created_by, ...rest } = task;
  return {
    board_id: 7,
    seq,
    action,
    entity: "task",
    task: { ...rest, created_by: created_by ?? "ada" },
    actor: { id: username === "ada" ? 1 : 2, username },
    timestamp: MOMENT,
  };
}
