/** A board as it once was, for the parts that show boards: it is looked at, and never changed. */

import {
  type BoardAddress,
  type BoardHead,
  type BoardStatus,
  type BoardTask,
  type Connection,
  Notices,
  type OpenBoard,
  ShownColumns,
  type TaskId,
} from "../sync";
import type { Moment } from "./past";

const NONE: readonly never[] = [];
const READY: BoardStatus = { status: "ready", from: "server" };
const LIVE: Connection = { state: "live" };

const none = () => NONE;
const nothing = () => undefined;

/** What is past takes no changes; nobody is offered any. */
const never = (): never => {
  throw new Error("what is past is not changed");
};

export class PastBoard implements OpenBoard {
  private readonly shown = new ShownColumns();
  private readonly notices = new Notices(() => this.shown.take());
  private currentHead: BoardHead | null = null;
  private all: readonly BoardTask[] = NONE;

  constructor(
    readonly address: BoardAddress,
    private moment: Moment,
  ) {
    this.show(moment);
  }

  /** Another moment takes the place of this one. Tasks that are the same in both stay the same. */
  show(moment: Moment): void {
    this.moment = moment;
    this.currentHead = { ...moment.board.head, role: "viewer" };
    this.all = [...moment.board.tasks()];
    this.shown.touchEverything();
    this.notices.now();
  }

  subscribe: OpenBoard["subscribe"] = (listener, part) => this.notices.subscribe(listener, part);
  status = () => READY;
  connection = () => LIVE;
  head = () => this.currentHead;
  members = () => this.moment.board.members;
  column = (key: string) => this.moment.board.column(key);
  tasksIn = (key: string) =>
    this.shown.list(key, () => this.column(key).flatMap((id) => this.task(id) ?? []));
  task = (id: TaskId) => this.moment.board.task(id);
  tasks = () => this.all;
  taskIdOf = (id: TaskId) => id;
  firstIdOf = (id: TaskId) => id;

  activity = none;
  presence = none;
  troubles = none;
  queued = none;
  waiting = () => 0;
  stall = () => null;
  isAtRisk = () => false;
  newestOwn = () => 0;
  fateOf = never;
  readOlder = () => Promise.resolve(false);
  announce = nothing;
  reconnect = nothing;
  onEvent = () => nothing;
  onRenewed = () => nothing;

  addTask = never;
  changeTask = never;
  moveTask = never;
  deleteTask = never;
  undoDelete = never;
  addComment = never;
  changeComment = never;
  deleteComment = never;
  pendingLists = none;
  firstPartOf = (_of: string, id: number) => id;
  addPart = never;
  changePart = never;
  deletePart = never;
  convertItem = never;
  tick = never;
  changeBoard = never;
  undo = never;
  resolve = never;
  retry = never;
  discard = never;
  abandon = never;
}
