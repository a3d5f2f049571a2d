/** English texts of the section "engine". */

export const engine = {};
