/** Idempotency keys of what a form sends. */

import { useRef } from "react";
import { uniqueId } from "./unique-id";

/** @returns the key of what is sent: the same for the same, another one for something else */
export function useKeyOf<T>(): (body: T) => string {
  const last = useRef({ text: "", key: "" });
  return (body) => {
    const text = JSON.stringify(body);
    if (text !== last.current.text) {
      last.current = { text, key: uniqueId() };
    }
    return last.current.key;
  };
}
