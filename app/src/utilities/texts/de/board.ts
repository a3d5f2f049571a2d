/** German texts of the section "board". */

import type { board as english } from "../en/board";

export const board: typeof english = {};
