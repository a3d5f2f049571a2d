/** What is being typed into a field for a day, over a day that others change meanwhile. */

import { useState } from "react";

export interface DayInputProps {
  readonly label: string;
  readonly hint?: string;
  readonly error: string | null;
  /** `YYYY-MM-DD` or "": what is in it while nobody types. */
  readonly day: string;
  /** Somebody begins to type. */
  readonly onBegin?: () => void;
  /** Called while it is typed; null: an incomplete day, of which the browser reports only that. */
  readonly onTyped?: (typed: string | null) => void;
  /**
   * Called as soon as a day is picked, and when the field is left with whatever was typed; null: the
   * browser makes no day of it.
   */
  readonly onDay: (typed: string | null) => void;
}

export interface TypedDay {
  /** What is in the field. */
  readonly value: string;
  readonly typing: boolean;
  /** From now on, until the field is left, nothing that comes from elsewhere enters it. */
  begin(): void;
  /** @param typed null: an incomplete day, of which the browser reports only that */
  type(typed: string | null): void;
  /** @param typed null: the browser makes no day of it; it stays in the field */
  leave(typed: string | null): void;
}

export function useTypedDay({ day, onBegin, onTyped, onDay }: DayInputProps): TypedDay {
  const [typed, setTyped] = useState<string | null>(null);
  return {
    value: typed ?? day,
    typing: typed !== null,
    begin: () => {
      if (typed === null) {
        setTyped(day);
        onBegin?.();
      }
    },
    type: (now) => {
      setTyped(now ?? "");
      onTyped?.(now);
    },
    leave: (now) => {
      if (now !== null) {
        setTyped(null);
      }
      onDay(now);
    },
  };
}
