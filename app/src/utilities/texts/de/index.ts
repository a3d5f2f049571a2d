/** The German catalogue: one file per section, so that each part of the app keeps its own. */

import { board } from "./board";
import { engine } from "./engine";
import { kit } from "./kit";
import { shell } from "./shell";
import { shortcuts } from "./shortcuts";
import { task } from "./task";

export const de = { board, engine, kit, shell, shortcuts, task };
