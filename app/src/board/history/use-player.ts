/** Which moment of the past is shown, and how one goes from one to the next. */

import { useEffect, useState } from "react";
import type { Moment, Past } from "../../state/past";
import { onLoginAgain } from "../../state/session";

/** How long a moment that must be read is wanted before it is asked for, in milliseconds: sliders fly. */
const REST = 150;
/** How long each moment is seen while it plays, in milliseconds. */
const FRAME = 800;

/** How many changes each frame advances. */
export const SPEEDS = [1, 5, 25] as const;
export type Speed = (typeof SPEEDS)[number];

export interface Player {
  readonly first: number;
  readonly last: number;
  /** The moment that is wanted. */
  readonly seq: number;
  /** The moment that is there: another one for as long as the wanted one is read. `null`: none yet. */
  readonly moment: Moment | null;
  /** Why the wanted one cannot be had. */
  readonly error: Error | null;
  readonly playing: boolean;
  readonly speed: Speed;
  go(seq: number): void;
  play(): void;
  pause(): void;
  setSpeed(speed: Speed): void;
  retry(): void;
}

interface Failure {
  readonly seq: number;
  readonly round: number;
  readonly error: Error;
}

export function usePlayer(past: Past, from: number): Player {
  const { first, last } = past.range;
  const within = (seq: number) => Math.min(Math.max(seq, first), last);
  const [seq, setSeq] = useState(() => within(from));
  const [moment, setMoment] = useState<Moment | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [round, setRound] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<Speed>(1);
  useEffect(() => {
    let wanted = true;
    const read = () =>
      past.moment(seq).then(
        (found) => wanted && setMoment(found),
        (error: unknown) => wanted && setFailure({ seq, round, error: asError(error) }),
      );
    const timer = setTimeout(read, past.has(seq) ? 0 : REST);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [past, seq, round]);
  const shown = moment?.seq ?? null;
  useEffect(() => {
    if (!playing || shown !== seq) return undefined;
    const to = Math.min(seq + speed, last);
    const timer = setTimeout(() => {
      setSeq(to);
      if (to === last) setPlaying(false);
    }, FRAME);
    return () => clearTimeout(timer);
  }, [playing, shown, seq, speed, last]);
  const failed = failure !== null && failure.seq === seq && failure.round === round;
  useEffect(
    () => (failed ? onLoginAgain(() => setRound((before) => before + 1)) : undefined),
    [failed],
  );
  return {
    first,
    last,
    seq,
    moment,
    error: failed ? failure.error : null,
    playing: playing && !failed,
    speed,
    go: (to) => {
      setPlaying(false);
      setSeq(within(to));
    },
    play: () => {
      if (seq === last) setSeq(first);
      setPlaying(true);
    },
    pause: () => setPlaying(false),
    setSpeed,
    retry: () => setRound(round + 1),
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
