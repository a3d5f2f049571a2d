/** Reports once something is near the window, so that what is out of view costs nothing. */

import { useEffect, useRef, useState, type RefObject } from "react";
import { Platform, type View } from "react-native";

/** How far below or above the window counts as seen already: a reader who scrolls sees no change. */
const MARGIN = "400px 0px";

/** Whether this device can tell; phones and old browsers cannot, there all counts as seen. */
const watches = () => Platform.OS === "web" && typeof IntersectionObserver === "function";

export function useSeen(): { readonly seen: boolean; readonly ref: RefObject<View | null> } {
  const ref = useRef<View>(null);
  const [seen, setSeen] = useState(() => !watches());
  useEffect(() => {
    if (seen || ref.current === null) {
      return undefined;
    }
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) {
          setSeen(true);
        }
      },
      { rootMargin: MARGIN },
    );
    // On the web a View is its element.
    observer.observe(ref.current as unknown as Element);
    return () => {
      observer.disconnect();
    };
  }, [seen]);
  return { seen, ref };
}
