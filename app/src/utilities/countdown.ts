/** Counts down to a moment: how long to wait after too many attempts. */

import { useEffect, useState } from "react";
import { elapsed } from "./elapsed";

/** `125` → `2:05`. */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/**
 * @param until in milliseconds, as `elapsed` counts them; `null`: nothing to wait for
 * @returns whole seconds left, 0 when over; rendered again each second meanwhile
 */
export function useCountdown(until: number | null): number {
  const [now, setNow] = useState(elapsed);
  const left = until === null ? 0 : Math.max(0, Math.ceil((until - now) / 1000));
  useEffect(() => {
    if (until === null) return;
    const tick = () => setNow(elapsed());
    const first = setTimeout(tick, 0);
    const timer = setInterval(() => {
      tick();
      if (elapsed() >= until) clearInterval(timer);
    }, 1000);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [until]);
  return left;
}
