/** Files that the user picks. Only browsers can here; on phones the content is pasted instead. */

import { Platform } from "react-native";

export const canPickFiles = Platform.OS === "web";

export interface PickedFile {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Opens the browser's dialog; `null`: the user picked nothing. @param accept like `.json` */
export function pickFile(accept: string): Promise<PickedFile | null> {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = accept;
    input.addEventListener("change", () => resolve(input.files?.[0] ?? null));
    input.addEventListener("cancel", () => resolve(null));
    input.click();
  });
}
