/**
 * The sync engine: boards that are shown at once, changed without waiting, kept true by events. This is
 * all that others see of it; README.md has the map.
 */

export type { UnsentChange } from "./changes/unsent";
export type {
  Command,
  ListCommand,
  ListPart,
  PartPlace,
  TickLine,
  Values,
} from "./changes/commands";
export type { Frame } from "./live/frames";
export type { BoardPart } from "./notices";
export type { OpenBoard } from "./open-board";
export type * from "./ports";
export type { Snapshot } from "./replica";
export type * from "./types";
export type { KeptBoard } from "./view";

export { BoardSession } from "./board-session";
export { RelayConnection } from "./live/socket";
export { socketAddress } from "./live/address";

/** What is kept on the device, looked at from outside while no board is open. */
export { forgetAnswers, sweepNames } from "./changes/answer-store";
export { forgetUnsent, unsentOnDevice, waitingQueues } from "./changes/queue-store";

/** The same shapes and rules for what is shown beside an open board: its past, comments, conflicts. */
export { FURTHEST } from "./activity-log";
export {
  contentsOf,
  freeValue,
  patchOf,
  same,
  taskValue,
  taskValues,
  withValues,
} from "./changes/commands";
export { asColumns } from "./changes/merge-columns";
export { unsentChanges } from "./changes/unsent";
export {
  type BoardChecklist,
  type BoardItem,
  isListEvent,
  type KnownChecklists,
  layChecklists,
  withListEvent,
} from "./checklists";
export { layComments, withEvent } from "./comments";
export { parseFrame } from "./live/frames";
export { Notices } from "./notices";
export { Replica, placeByNumber } from "./replica";
export { ShownColumns } from "./shown-columns";
export { CONTENT_FIELDS, type ContentField, UNWRITTEN, written } from "./task-fields";
export { taskOf, toChange, toHead, toSnapshot, toTask } from "./wire";
