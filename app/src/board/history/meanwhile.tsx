/** Says, to who comes back after a day, that others changed something; they may look, or not. */

import { useEffect } from "react";
import { Banner, Button } from "../../components";
import { useNow } from "../../components/use-now";
import { useHistoryTexts } from "../../utilities/texts/history";
import type { Meanwhile as Found } from "./meanwhile-fold";
import { useMoments } from "./moment-words";
import { useMeanwhile, type MeanwhileProps } from "./use-meanwhile";

export interface MeanwhileBannerProps extends MeanwhileProps {
  readonly onShow: () => void;
  readonly onDismiss: () => void;
}

export function Meanwhile({ onShow, onDismiss, ...of }: MeanwhileBannerProps) {
  const texts = useHistoryTexts();
  const when = useMoments();
  const now = useNow();
  const { found, error } = useMeanwhile(of);
  const nothing = found !== null && found.whole && found.count + found.earlier === 0;
  useEffect(() => {
    if (nothing) onDismiss();
  }, [nothing, onDismiss]);
  const known = found !== null && found.count + found.earlier > 0;
  if (!known && error === null) {
    return null;
  }
  const since = when(of.absence.since, now);
  return (
    <Banner
      icon="clock"
      title={found?.whole === true ? wholeWords(found, since, texts) : texts.meanwhileSome(since)}
      actions={
        <>
          <Button size="small" label={texts.showMeanwhile} onPress={onShow} />
          <Button size="small" kind="quiet" label={texts.dismissMeanwhile} onPress={onDismiss} />
        </>
      }
    />
  );
}

function wholeWords(
  { count, earlier, cards }: Found,
  since: string,
  texts: ReturnType<typeof useHistoryTexts>,
): string {
  const changes = texts.meanwhile(count + earlier, since);
  const tasks = cards.filter(({ task }) => task !== null).length;
  return tasks > 0 && earlier === 0 ? `${changes}, ${texts.meanwhileOn(tasks)}` : changes;
}
