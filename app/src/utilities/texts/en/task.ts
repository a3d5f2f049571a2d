/** English texts of the section "task". */

export const task = {};
