/** Files that the user picks, which only browsers can here (on phones the content is pasted), and saves. */

import { Platform, Share } from "react-native";

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

/** On the web a download; on phones what the device offers for texts. @param type like `text/csv` */
export async function saveFile(name: string, content: string, type: string): Promise<void> {
  if (Platform.OS !== "web") {
    await Share.share({ title: name, message: content });
    return;
  }
  const link = document.createElement("a");
  const url = URL.createObjectURL(new Blob([content], { type }));
  link.href = url;
  link.download = name.replace(/[\\/:*?"<>|]+/g, "_");
  link.click();
  URL.revokeObjectURL(url);
}
