/** How long finished tasks took: each of them, and the percentiles of all. */

import { ScatterChart } from "../../components/charts";
import { durationUnit, useFormats } from "../../utilities/texts/formats";
import { useInsightsTexts } from "../../utilities/texts/insights";
import type { ChartProps } from "./chart-data";

export function TimesChart({
  board,
  data,
  time,
}: ChartProps & {
  /** From the start of a task, or from its making. */
  readonly time: "cycle" | "lead";
}) {
  const texts = useInsightsTexts();
  const formats = useFormats();
  const percentiles = time === "cycle" ? data.cycle_time : data.lead_time;
  const taken = data.finished.flatMap(({ task_id, finished_at, lead_ms, cycle_ms }) => {
    const ms = time === "cycle" ? cycle_ms : lead_ms;
    return ms === null ? [] : [{ task_id, at: Date.parse(finished_at), ms }];
  });
  taken.reverse();
  const unit = durationUnit(Math.max(0, ...taken.map(({ ms }) => ms)));
  const name = (id: number) => texts.taskName(id, board.task(id)?.title ?? "");
  const marks = ([50, 85, 95] as const).flatMap((percent) => {
    const ms = percentiles[`p${percent}_ms`];
    return ms === null
      ? []
      : [{ label: texts.percentile(percent, formats.duration(ms)), value: ms / unit.length }];
  });
  const note = time === "cycle" ? texts.cycleNote : texts.leadNote;
  return (
    <ScatterChart
      title={time === "cycle" ? texts.cycleTitle : texts.leadTitle}
      note={taken.length < percentiles.count ? `${note} ${texts.newestOnly(taken.length)}` : note}
      empty={taken.length > 0 ? undefined : emptyText(data.lead_time.count > 0, texts)}
      valueName={time === "cycle" ? texts.cycle : texts.lead}
      dots={taken.map(({ task_id, at, ms }) => ({
        key: String(task_id),
        label: name(task_id),
        at,
        value: ms / unit.length,
      }))}
      marks={marks}
      from={Date.parse(`${data.from}T00:00:00`)}
      to={Date.parse(data.as_of)}
      format={(value) => formats.durationIn(unit, value)}
      formatTime={formats.date}
      table={{
        columns: [texts.task, texts.finishedAt, texts.took],
        rows: [...taken]
          .reverse()
          .map(({ task_id, at, ms }) => [
            name(task_id),
            formats.dateTime(at),
            formats.duration(ms),
          ]),
      }}
    />
  );
}

function emptyText(
  finished: boolean,
  texts: { readonly noneStarted: string; readonly noneFinished: string },
): string {
  return finished ? texts.noneStarted : texts.noneFinished;
}
