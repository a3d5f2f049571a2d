/** Asks for a day, and leads to the board as it was when it ended. */

import { useState } from "react";
import { Button, Dialog } from "../../components";
import { endOfDay } from "../card/due";
import type { Past } from "../../state/past";
import { useTexts } from "../../utilities/texts";
import { errorText } from "../../utilities/texts/errors";
import { useHistoryTexts } from "../../utilities/texts/history";
import { DayInput } from "../../components/day-input";

export function GoToDay({
  past,
  onGo,
  onClose,
}: {
  readonly past: Past;
  /** Called with the time. */
  readonly onGo: (seq: number) => void;
  readonly onClose: () => void;
}) {
  const all = useTexts();
  const texts = useHistoryTexts();
  const [day, setDay] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const go = () => {
    const end = endOfDay(day);
    if (end === null) {
      setError(texts.dayWrong);
      return;
    }
    setBusy(true);
    past.seqAt(end).then(
      (seq) => {
        onClose();
        onGo(seq);
      },
      (why: unknown) => {
        setBusy(false);
        setError(errorText(why, all));
      },
    );
  };
  return (
    <Dialog
      title={texts.goToDay}
      onClose={onClose}
      width={360}
      actions={
        <>
          <Button label={all.kit.cancel} onPress={onClose} />
          <Button kind="primary" label={texts.go} busy={busy} onPress={go} />
        </>
      }
    >
      <DayInput
        label={texts.day}
        hint={texts.dayHint}
        error={error}
        day={day}
        onTyped={(typed) => setDay(typed ?? "")}
        onDay={(typed) => {
          setDay(typed ?? "");
          setError(typed === null ? texts.dayWrong : null);
        }}
      />
    </Dialog>
  );
}
