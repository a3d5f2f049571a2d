/** German texts of the section "task". */

import type { task as english } from "../en/task";

export const task: typeof english = {};
