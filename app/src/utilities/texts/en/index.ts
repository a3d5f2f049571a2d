/** The English catalogue: one file per section, so that each part of the app keeps its own. */

import { account } from "./account";
import { board } from "./board";
import { boards } from "./boards";
import { engine } from "./engine";
import { kit } from "./kit";
import { members } from "./members";
import { shell } from "./shell";
import { shortcuts } from "./shortcuts";
import { task } from "./task";
import { welcome } from "./welcome";

export const en = {
  account,
  board,
  boards,
  engine,
  kit,
  members,
  shell,
  shortcuts,
  task,
  welcome,
};
