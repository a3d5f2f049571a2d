/**
 * How each kind of change is sent: once, rebased on what others did meanwhile where the server says
 * that what it was based on is outdated (412).
 */

import type { TaskPatch } from "../../generated/api";
import { NetworkError, RequestError } from "../../utilities/problem";
import type { Acknowledged, BoardService } from "../ports";
import {
  type AddPart,
  type AddTask,
  type ChangeBoard,
  type ChangeComment,
  type ChangePart,
  type ChangeTask,
  type Command,
  type ConvertItem,
  type DeletePart,
  type DeleteTask,
  type ListCommand,
  type ListPart,
  type MoveTask,
  type PartPlace,
  type TickLine,
  type UndoDelete,
  type Values,
  boardPatchOf,
  boardValues,
  contentsOf,
  isListCommand,
  patchOf,
  same,
  taskValue,
} from "./commands";
import { rebase } from "./rebase";
import { isMadeBy } from "./made-by";
import type { Outcomes } from "./outcomes";
import type { BoardEvent, BoardTask, TaskId } from "../types";
import { toTask } from "../wire";

/** How often one attempt is rebased on what others did meanwhile before it waits a little. */
const MOST_REBASES = 8;
/** How many events are read at a time to find what became of a lost attempt. */
const EVENTS = 200;

export class Delivery {
  constructor(
    private readonly service: BoardService,
    private readonly outcomes: Outcomes,
  ) {}

  /** @throws RequestError | NetworkError if nothing came of it */
  async send(command: Command): Promise<void> {
    const made = command.sent && !hasKey(command) ? await this.eventOf(command) : undefined;
    if (made !== undefined && isListCommand(command)) {
      this.outcomes.listDone(command, { value: null, seq: made.seq });
      return;
    }
    if (made !== undefined) {
      this.outcomes.done(command, answerOf(made));
      return;
    }
    switch (command.kind) {
      case "add":
        return this.add(command);
      case "change":
        return this.change(command);
      case "move":
        return this.move(command);
      case "delete":
        return this.delete(command);
      case "delete-undo":
        return this.undoDelete(command);
      case "comment-add":
        await this.service.addComment(command.task, command.body, command.id);
        return this.outcomes.done(command, null);
      case "comment-change":
        return this.changeComment(command);
      case "comment-delete":
        return this.deleteComment(command);
      case "list-add":
        return this.addPart(command);
      case "list-change":
        return this.changePart(command);
      case "list-delete":
        return this.deletePart(command);
      case "list-convert":
        return this.convert(command);
      case "tick":
        return this.tick(command);
      case "board-change":
        return this.changeBoard(command);
    }
  }

  private async addPart(command: AddPart): Promise<void> {
    const { task, list, values, before, id: key } = command;
    if (this.isUnnamed(command)) {
      return;
    }
    const add = async (body: Values) => {
      const answer = await this.service.addPart(task, list, body, key);
      this.outcomes.listDone(command, answer, answer.value.id);
    };
    try {
      await add(before !== null && before > 0 ? { ...values, before } : values);
    } catch (error) {
      if (!isAboutPlace(error)) {
        throw error;
      }
      await add(values);
    }
  }

  /** The last tick and the last move count; texts and other fields are merged like a task's. */
  private async changePart(command: ChangePart): Promise<void> {
    const { task, of, part, base, values, place } = command;
    if (this.isUnnamed(command)) {
      return;
    }
    const isMerged = Object.keys(values).some((field) => field !== "done");
    let version = isMerged ? command.version : undefined;
    let send = values;
    for (let tries = 0; tries < MOST_REBASES; tries += 1) {
      try {
        if (version !== null) {
          const patch = { ...send, ...placeIn(of, place) };
          const answer = await this.service.changePart(task, of, part, patch, version);
          this.outcomes.listDone(command, answer);
          return;
        }
      } catch (error) {
        if (isAboutPlace(error) && place?.before != null) {
          // The neighbour is gone: at the end.
          await this.changePart({ ...command, place: { ...place, before: null } });
          return;
        }
        if (!isOutdated(error) && !isMissing(error)) {
          throw error;
        }
      }
      const now = await this.service.readPart(task, of, part);
      if (now === null) {
        // A tick or a move of what is gone leaves nothing to decide.
        if (isMerged) {
          this.outcomes.refused(command, "/problems/not-found", { code: "part-gone" });
        } else {
          this.outcomes.listDone(command, { value: null, seq: null });
        }
        return;
      }
      const theirs: Values = { ...now };
      const rebased = rebase(base, values, (field) => theirs[field] ?? null);
      const conflicts = rebased.conflicts.filter(({ field }) => field !== "done");
      if (conflicts.length > 0) {
        this.outcomes.conflicted(command, conflicts);
        return;
      }
      const done = values["done"];
      send = done === undefined ? rebased.send : { ...rebased.send, done };
      version = isMerged ? now.version : undefined;
    }
    throw new NetworkError(false);
  }

  private async deletePart(command: DeletePart): Promise<void> {
    const { task, of, part } = command;
    if (part < 0) {
      // What could not be added is not there.
      this.outcomes.listDone(command, { value: null, seq: null });
      return;
    }
    try {
      this.outcomes.listDone(command, await this.service.deletePart(task, of, part));
    } catch (error) {
      if (!isMissing(error)) {
        throw error;
      }
      this.outcomes.listDone(command, { value: null, seq: null });
    }
  }

  private async convert(command: ConvertItem): Promise<void> {
    if (this.isUnnamed(command)) {
      return;
    }
    const answer = await this.service.convertItem(command.task, command.part, command.id);
    this.outcomes.taskRead(answer.value);
    this.outcomes.listDone(command, answer);
  }

  private async tick(command: TickLine): Promise<void> {
    const { task, line, nth, done, id: key } = command;
    try {
      this.outcomes.done(command, await this.service.tick(task, { line, nth, done }, key));
    } catch (error) {
      if (error instanceof RequestError && error.type === "/problems/line-gone") {
        // What became of the description is shown with the refusal.
        await this.read(task);
      }
      throw error;
    }
  }

  /** What it is about, or where it goes, could not be added: nothing can be sent. */
  private isUnnamed(command: ListCommand): boolean {
    const into = command.kind === "list-change" ? (command.place?.list ?? 0) : 0;
    const isNew = command.kind === "list-add";
    const unnamed = (!isNew && command.part < 0) || (command.list ?? 0) < 0 || into < 0;
    if (unnamed) {
      this.outcomes.refused(command, "/problems/not-found", { code: "part-gone" });
    }
    return unnamed;
  }

  private async add(command: AddTask): Promise<void> {
    const { details, before } = command;
    const body = {
      ...details,
      labels: details.labels === undefined ? undefined : [...details.labels],
      fields: details.fields === undefined ? undefined : { ...details.fields },
    };
    // The same body at each attempt, wherever the neighbour is by then: the key goes with it.
    const placed = before !== null && before > 0 ? { ...body, before } : body;
    try {
      this.outcomes.done(command, await this.service.addTask(placed, command.id));
    } catch (error) {
      if (!isAboutPlace(error)) {
        throw error;
      }
      // Nothing was made, so nothing was kept under the key.
      this.outcomes.done(command, await this.service.addTask(body, command.id));
    }
  }

  private async change(command: ChangeTask): Promise<void> {
    await this.onCurrent(command.task, async (task) => {
      const { send, conflicts } = rebase(command.base, command.values, (field) =>
        taskValue(task, field),
      );
      if (conflicts.length > 0) {
        this.outcomes.conflicted(command, conflicts);
      } else if (isEmpty(send)) {
        this.outcomes.done(command, null);
      } else {
        const patch = { ...patchOf(send), ...this.placing(command, send) };
        const answer = await this.service.changeTask(command.task, patch, task.version);
        this.outcomes.done(command, answer);
      }
    });
  }

  /** Where in its new column a changed task goes, if it goes to one. */
  private placing({ place }: ChangeTask, send: Values): Pick<TaskPatch, "before"> {
    return place !== undefined && "status" in send
      ? { before: this.placeBefore(place.before, place.status) }
      : {};
  }

  /** Only the column can be in conflict: the last move decides the place within a column. */
  private async move(command: MoveTask): Promise<void> {
    const { place, from } = command;
    await this.onCurrent(command.task, async (task) => {
      if (task.status !== from && task.status !== place.status) {
        const field = { field: "status", base: from, mine: place.status, theirs: task.status };
        this.outcomes.conflicted(command, [field]);
        return;
      }
      const unordered = this.service.address.mode === "quick-win";
      if (unordered && task.status === place.status) {
        this.outcomes.done(command, null);
        return;
      }
      const patch = { status: place.status, before: this.placeBefore(place.before, place.status) };
      const answer = await this.service.changeTask(command.task, patch, task.version);
      this.outcomes.done(command, answer);
    });
  }

  /** A task that somebody changed or commented on since is not deleted without asking. */
  private async delete(command: DeleteTask): Promise<void> {
    const { base } = command;
    try {
      await this.onCurrent(command.task, async (task) => {
        const isAsItWas =
          base === null ||
          (same(contentsOf(task), base) && !(await this.isCommentedOn(command, task)));
        if (!isAsItWas) {
          const reason = { code: "changed-meanwhile" } as const;
          this.outcomes.refused(command, "/problems/precondition-failed", reason);
          return;
        }
        const version = base === null ? undefined : task.version;
        const { seq } = await this.service.deleteTask(command.task, version);
        this.outcomes.done(command, { value: null, seq });
      });
    } catch (error) {
      if (!(error instanceof RequestError) || error.status !== 404) {
        throw error;
      }
      await this.service.readHead();
      this.outcomes.done(command, null);
    }
  }

  /** Whether others wrote or changed a comment on the task after it was deleted here. */
  private async isCommentedOn({ seen }: DeleteTask, task: BoardTask): Promise<boolean> {
    if (seen === undefined || task.version === seen.version) {
      return false;
    }
    const found = await this.eventAfter(
      seen.seq,
      (event) =>
        event.entity === "comment" &&
        event.comment.task_id === task.id &&
        event.action !== "Delete" &&
        !this.outcomes.isOurs(event),
    );
    return found !== undefined;
  }

  /** Restores the task if our deletion removed it; if it is there, there is nothing to do. */
  private async undoDelete(command: UndoDelete): Promise<void> {
    const event = command.event ?? (await this.eventOf(command))?.seq ?? null;
    let refusal: RequestError | null = null;
    if (event !== null) {
      try {
        const { value } = await this.service.undo(event, command.id);
        if (value?.entity === "task") {
          const task = toTask(value.task, value.board_id);
          return this.outcomes.done(command, { value: task, seq: value.seq });
        }
      } catch (error) {
        if (!(error instanceof RequestError) || error.status !== 409) {
          throw error;
        }
        refusal = error;
      }
    }
    try {
      await this.read(command.task);
    } catch (error) {
      throw error instanceof RequestError && error.status === 404 ? (refusal ?? error) : error;
    }
    this.outcomes.done(command, null);
  }

  private async changeComment(command: ChangeComment): Promise<void> {
    let { version } = command;
    for (let tries = 0; tries < MOST_REBASES; tries += 1) {
      if (version !== null) {
        try {
          const { task, comment, body } = command;
          await this.service.changeComment(task, comment, body, version);
          this.outcomes.done(command, null);
          return;
        } catch (error) {
          const isGone = error instanceof RequestError && error.status === 404;
          if (!isOutdated(error) && !isGone) {
            throw error;
          }
        }
      }
      const now = await this.service.readComment(command.task, command.comment);
      if (now === null) {
        this.outcomes.refused(command, "/problems/not-found", { code: "comment-gone" });
        return;
      }
      if (now.body === command.body) {
        this.outcomes.done(command, null);
        return;
      }
      if (command.base !== null && now.body !== command.base) {
        const { base, body } = command;
        this.outcomes.conflicted(command, [{ field: "body", base, mine: body, theirs: now.body }]);
        return;
      }
      version = now.version;
    }
    throw new NetworkError(false);
  }

  private async deleteComment(command: Extract<Command, { kind: "comment-delete" }>) {
    try {
      this.outcomes.done(command, await this.service.deleteComment(command.task, command.comment));
    } catch (error) {
      if (!(error instanceof RequestError) || error.status !== 404) {
        throw error;
      }
      this.outcomes.done(command, null);
    }
  }

  private async changeBoard(command: ChangeBoard): Promise<void> {
    let head = this.outcomes.knownHead();
    for (let tries = 0; tries < MOST_REBASES; tries += 1) {
      const now: Values = boardValues(head, Object.keys(command.values));
      const { send, conflicts } = rebase(command.base, command.values, (field) => now[field]);
      const isPartOfIt = conflicts.some(({ field }) => field in send);
      if (conflicts.length > 0 && !isPartOfIt) {
        this.outcomes.conflicted(command, conflicts);
        return;
      }
      try {
        if (!isEmpty(send)) {
          const answer = await this.service.changeBoard(boardPatchOf(send), head.version);
          head = answer.value;
          this.outcomes.headRead(head);
        }
        if (!isPartOfIt) {
          this.outcomes.done(command, null);
          return;
        }
      } catch (error) {
        if (!isOutdated(error)) {
          throw error;
        }
        head = await this.service.readHead();
        this.outcomes.headRead(head);
      }
    }
    throw new NetworkError(false);
  }

  /** What an attempt whose answer was lost has changed; undefined: nothing, as far as the server says. */
  private async eventOf(command: Command): Promise<BoardEvent | undefined> {
    return this.eventAfter(
      command.seq ?? null,
      (event) => this.outcomes.isOurs(event) && isMadeBy(command, event),
    );
  }

  /** The first event of this kind that happened after `seq`. */
  private async eventAfter(
    seq: number | null,
    isWanted: (event: BoardEvent) => boolean,
  ): Promise<BoardEvent | undefined> {
    for (let after = seq; after !== null;) {
      const { events, next } = await this.service.after(after, EVENTS);
      const found = events.find(isWanted);
      if (found !== undefined) {
        return found;
      }
      after = next;
    }
    return undefined;
  }

  /** Works on the task as it is known, and after each 412 on the task as it is. */
  private async onCurrent(id: TaskId, work: (task: BoardTask) => Promise<void>): Promise<void> {
    let task = this.outcomes.known(id) ?? (await this.read(id));
    for (let tries = 0; tries < MOST_REBASES; tries += 1) {
      try {
        await work(task);
        return;
      } catch (error) {
        if (!isOutdated(error)) {
          throw error;
        }
        task = await this.read(id);
      }
    }
    // Others change it faster than we can: later, then.
    throw new NetworkError(false);
  }

  private async read(id: TaskId): Promise<BoardTask> {
    const task = await this.service.readTask(id);
    this.outcomes.taskRead(task);
    return task;
  }

  /** A neighbour that is gone from the column is no place: the end is. */
  private placeBefore(before: TaskId | null, status: string): TaskId | null {
    return before !== null && before > 0 && this.outcomes.known(before)?.status === status
      ? before
      : null;
  }
}

const KEYED: readonly string[] = [
  ...["add", "comment-add", "delete-undo"],
  ...["list-add", "list-convert", "tick"],
];

/** Where the server itself knows an attempt again. */
function hasKey({ kind }: Command): boolean {
  return KEYED.includes(kind);
}

/** What of a patch moves a checklist or an item. */
function placeIn(of: ListPart, place: PartPlace | undefined): Values {
  if (place === undefined) {
    return {};
  }
  // The server has not named it, or never will.
  const before = (place.before ?? 0) < 0 ? null : place.before;
  return of === "checklist" ? { before } : { checklist_id: place.list, before };
}

function isMissing(error: unknown): boolean {
  return error instanceof RequestError && error.status === 404;
}

/** What an event says of its task; `null`: it is not about one alone. */
function answerOf(event: BoardEvent): Acknowledged<BoardTask | null> | null {
  const { seq } = event;
  return event.entity === "task"
    ? { value: event.action === "Delete" ? null : toTask(event.task, event.board_id), seq }
    : null;
}

function isOutdated(error: unknown): boolean {
  return error instanceof RequestError && error.status === 412;
}

/** The neighbour is not in the column any more. */
function isAboutPlace(error: unknown): boolean {
  return (
    error instanceof RequestError &&
    error.status === 422 &&
    error.errors.some(({ pointer }) => pointer === "/before")
  );
}

function isEmpty(values: Values): boolean {
  return Object.keys(values).length === 0;
}
