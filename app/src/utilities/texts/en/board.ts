/** English texts of the section "board". */

export const board = {};
