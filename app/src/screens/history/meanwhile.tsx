/** Says, to who comes back after a day, that others changed something; they may look, or not. */

import { useEffect } from "react";
import { Banner, Button } from "../../components";
import { useNow } from "../../components/board/use-now";
import { useHistoryTexts } from "../../utilities/texts/history";
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
  const found = useMeanwhile(of);
  const nothing = found !== null && found.count + found.earlier === 0;
  useEffect(() => {
    if (nothing) onDismiss();
  }, [nothing, onDismiss]);
  if (found === null || nothing) {
    return null;
  }
  const { count, earlier, cards } = found;
  const tasks = cards.filter(({ task }) => task !== null).length;
  const changes = texts.meanwhile(count + earlier, when(of.absence.since, now));
  return (
    <Banner
      icon="clock"
      title={tasks > 0 && earlier === 0 ? `${changes}, ${texts.meanwhileOn(tasks)}` : changes}
      actions={
        <>
          <Button size="small" label={texts.showMeanwhile} onPress={onShow} />
          <Button size="small" kind="quiet" label={texts.dismissMeanwhile} onPress={onDismiss} />
        </>
      }
    />
  );
}
