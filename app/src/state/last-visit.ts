/** When this device last showed a board, for users who come back after a day. */

import { useCallback, useEffect, useMemo, useState } from "react";
import { Platform } from "react-native";
import { onHide, onWake } from "../utilities/wake";
import { type Visit, boardCache } from "./board-cache";
import type { BoardAddress, OpenBoard } from "../sync";
import { useSession } from "./session";

/** A shorter absence is not reported, in milliseconds. */
const AWAY = 24 * 60 * 60 * 1_000;

/** What happened while nobody looked. */
export interface Absence {
  /** The last event that was seen. */
  readonly seq: number;
  /** When it began, in milliseconds since 1970. */
  readonly since: number;
  /** The newest event when it ended. */
  readonly head: number;
}

/** The visits to one board, of which each begins when it is shown as the server has it. */
export class VisitLog {
  private last: Visit | null = null;
  /** `absent`: shown, and not yet dealt with. */
  private phase: "away" | "absent" | "here" = "away";

  /**
   * @param kept where the visit before is kept
   * @param notify called with an absence; `null`: it is dealt with
   */
  constructor(
    private readonly board: Pick<OpenBoard, "head" | "status" | "connection" | "subscribe">,
    private readonly kept: {
      load(): Promise<Visit | null>;
      save(visit: Visit): Promise<void>;
    },
    private readonly notify: (absence: Absence | null) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** @returns what ends it */
  follow(): () => void {
    let ends: (() => void)[] = [];
    let ended = false;
    void this.kept.load().then((last) => {
      if (ended) return;
      this.last = last;
      ends = [
        this.board.subscribe(() => this.look()),
        onHide(() => this.leave()),
        onWake(() => this.look()),
      ];
      this.look();
    });
    return () => {
      ended = true;
      ends.forEach((end) => end());
      this.leave();
    };
  }

  /** The person knows what there is now. */
  seen(): void {
    const head = this.board.head();
    if (this.phase !== "away" && head !== null) {
      this.phase = "here";
      this.last = { epoch: head.epoch, seq: head.seq, at: this.now() };
      this.notify(null);
      void this.kept.save(this.last);
    }
  }

  /** What was shown and not dealt with is shown again the next time. */
  private leave(): void {
    if (this.phase === "here") {
      this.seen();
      this.phase = "away";
    }
  }

  /** The person may be back, and the board have caught up. */
  private look(): void {
    const status = this.board.status();
    const caughtUp = status.status === "ready" && this.board.connection().state === "live";
    const head = this.board.head();
    if (this.phase !== "away" || !caughtUp || head === null || isHidden()) {
      return;
    }
    const { last } = this;
    this.phase = "absent";
    const missedSome = last !== null && last.epoch === head.epoch && last.seq < head.seq;
    if (missedSome && this.now() - last.at >= AWAY) {
      this.notify({ seq: last.seq, since: last.at, head: head.seq });
    } else {
      this.seen();
    }
  }
}

/** A page that nobody looks at is no visit. */
function isHidden(): boolean {
  return Platform.OS === "web" && document.hidden;
}

/** @returns the absence that ended with this visit, if it was a long one; and what deals with it */
export function useAbsence(board: OpenBoard): readonly [Absence | null, () => void] {
  const owner = useOwner(board.address);
  const [absence, setAbsence] = useState<Absence | null>(null);
  const log = useMemo(() => {
    const { visits } = boardCache;
    const kept = {
      load: () => visits.load(owner),
      save: (visit: Visit) => visits.save(owner, visit),
    };
    return new VisitLog(board, kept, setAbsence);
  }, [board, owner]);
  useEffect(() => log.follow(), [log]);
  return [absence, useCallback(() => log.seen(), [log])];
}

/** Whose visit to which board. */
function useOwner({ mode, id }: BoardAddress): string {
  const user = useSession((session) => session.user?.id ?? "nobody");
  return `${mode === "teams" ? user : "anybody"}/${mode}/${id}`;
}
