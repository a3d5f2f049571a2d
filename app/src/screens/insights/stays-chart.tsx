/** How long tasks stay in each column. */

import { BarList } from "../../components/charts";
import { useFormats } from "../../utilities/texts/formats";
import { useInsightsTexts } from "../../utilities/texts/insights";
import { useColumnNames, type ChartProps } from "./chart-data";

export function StaysChart({ data }: ChartProps) {
  const texts = useInsightsTexts();
  const { duration } = useFormats();
  const names = useColumnNames(data);
  return (
    <BarList
      title={texts.staysTitle}
      note={texts.staysNote}
      nameColumn={texts.column}
      valueColumn={texts.meanStay}
      empty={texts.noStays}
      bars={data.columns.flatMap(({ key, stays, mean_stay_ms: mean }) =>
        mean === null
          ? []
          : [
              {
                key,
                label: names.get(key) ?? key,
                detail: texts.stays(stays),
                value: mean,
                words: duration(mean),
              },
            ],
      )}
    />
  );
}
