/** What is being typed into a field for a day, over a day that others change meanwhile. */

import { useState } from "react";

/** Another day from elsewhere is shown at once, unless something else is being typed over it. */
export function useTypedDay(day: string): readonly [string, (typed: string) => void] {
  const [typed, setTyped] = useState(day);
  const [shown, setShown] = useState(day);
  if (day !== shown) {
    setShown(day);
    if (typed === shown) {
      setTyped(day);
    }
  }
  return [typed, setTyped];
}
