/** Asks how many tasks a column may have. */

import { useState } from "react";
import type { Column } from "../../../state/types";
import { useTexts } from "../../../utilities/texts";
import { Button } from "../../button";
import { Dialog } from "../../dialog";
import { TextField } from "../../text-field";
import { useBoardParts } from "../board-context";
import { limitOf } from "../columns-draft";

export function LimitDialog({
  column,
  onClose,
}: {
  readonly column: Column;
  readonly onClose: () => void;
}) {
  const { columnChanges } = useBoardParts();
  const { board: texts, kit } = useTexts();
  const [begunOn] = useState(column.wip_limit);
  const [typed, setTyped] = useState(begunOn === null ? "" : String(begunOn));
  const limit = limitOf(typed);
  const save = () => {
    if (limit !== undefined) {
      onClose();
      if (limit !== begunOn) columnChanges.limit(column.key, limit, begunOn);
    }
  };
  return (
    <Dialog
      title={texts.columnLimitOf(column.name)}
      onClose={onClose}
      actions={
        <>
          <Button label={kit.cancel} onPress={onClose} />
          <Button kind="primary" label={kit.save} disabled={limit === undefined} onPress={save} />
        </>
      }
    >
      <TextField
        label={texts.columnLimit}
        hint={texts.limitHint}
        error={limit === undefined ? texts.limitWrong : null}
        inputMode="numeric"
        value={typed}
        onChangeText={setTyped}
        onSubmit={save}
      />
    </Dialog>
  );
}
