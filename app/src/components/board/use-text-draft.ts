/** A text being written, kept on the device until it is sent. */

import { useState } from "react";

const drafts = new Map<string, string>();

export function useTextDraft(key: string): [string, (value: string) => void] {
  const [text, setText] = useState(() => drafts.get(key) ?? "");
  return [
    text,
    (value) => {
      setText(value);
      if (value === "") {
        drafts.delete(key);
      } else {
        drafts.set(key, value);
      }
    },
  ];
}
