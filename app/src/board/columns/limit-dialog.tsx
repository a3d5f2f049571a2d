/** Asks how many tasks a column may have. */

import { useState } from "react";
import { useDraft } from "../../state/drafts";
import type { Column } from "../../sync";
import { useTexts } from "../../utilities/texts";
import { Banner } from "../../components/banner";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { TextField } from "../../components/text-field";
import { useBoardParts } from "../board-context";
import { limitOf } from "./columns-draft";

export function LimitDialog({
  column,
  onClose,
}: {
  readonly column: Column;
  readonly onClose: () => void;
}) {
  const { board, columnChanges } = useBoardParts();
  const { board: texts, kit } = useTexts();
  const [opened] = useState(String(column.wip_limit ?? ""));
  const key = { address: board.address, task: null, field: `limit/${column.key}` };
  const draft = useDraft(key, opened);
  const [fromBefore] = useState(draft.dirty);
  const limit = limitOf(draft.value);
  const discard = () => {
    draft.clear();
    onClose();
  };
  const save = () => {
    if (limit !== undefined) {
      discard();
      if (draft.dirty) columnChanges.limit(column.key, limit, limitOf(draft.base) ?? null);
    }
  };
  return (
    <Dialog
      title={texts.columnLimitOf(column.name)}
      onClose={onClose}
      actions={
        <>
          <Button label={kit.cancel} onPress={discard} />
          <Button kind="primary" label={kit.save} disabled={limit === undefined} onPress={save} />
        </>
      }
    >
      {fromBefore && <Banner>{kit.draftFromBefore}</Banner>}
      <TextField
        label={texts.columnLimit}
        hint={texts.limitHint}
        error={limit === undefined ? texts.limitWrong : null}
        inputMode="numeric"
        value={draft.value}
        onChangeText={draft.set}
        onSubmit={save}
      />
    </Dialog>
  );
}
