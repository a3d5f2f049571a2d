/** What the charts of a board's flow have in common. */

import type { Analytics } from "../../generated/api";
import type { OpenBoard } from "../../sync";
import { useInsightsTexts } from "../../utilities/texts/insights";

export interface ChartProps {
  readonly board: OpenBoard;
  readonly data: Analytics;
}

/** What a column is called; one that the board has no longer has only its key. */
export function useColumnNames(data: Analytics): ReadonlyMap<string, string> {
  const texts = useInsightsTexts();
  return new Map(data.columns.map(({ key, name }) => [key, name ?? texts.goneColumn(key)]));
}
