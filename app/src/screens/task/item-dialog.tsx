/** Who does an item of a checklist, and when it is due. */

import { useState } from "react";
import { Button, Dialog, Select } from "../../components";
import { DayInput } from "../../components/day-input";
import { dayOf, endOfDay } from "../../board/card/due";
import type { BoardItem, OpenBoard } from "../../sync";
import { useBoardMembers } from "../../state/hooks";
import { useNameOf } from "../../state/names";
import { useTexts } from "../../utilities/texts";

const NOBODY = "";

export function ItemDialog({
  board,
  item,
  onClose,
}: {
  readonly board: OpenBoard;
  readonly item: BoardItem;
  readonly onClose: () => void;
}) {
  const { task: texts } = useTexts();
  const nameOf = useNameOf();
  // What it was when it was begun: others may change it meanwhile.
  const [begun] = useState(item);
  const [who, setWho] = useState(begun.assigned_to ?? NOBODY);
  const [day, setDay] = useState<string | null>(dayOf(begun.due_at));
  const [error, setError] = useState<string | null>(null);
  const names = useBoardMembers(board).map(({ username }) => username);
  const all = who === NOBODY || names.includes(who) ? names : [who, ...names];
  const save = () => {
    const due = day === null || day === "" ? null : endOfDay(day);
    if (day !== "" && due === null) {
      setError(day === null ? texts.dueNoDay : texts.dueWrong);
      return;
    }
    const assigned_to = who === NOBODY ? null : who;
    const changes = {
      ...(assigned_to !== begun.assigned_to && { assigned_to }),
      ...(day !== dayOf(begun.due_at) && { due_at: due }),
    };
    if (Object.keys(changes).length > 0) board.changePart(begun, changes);
    onClose();
  };
  return (
    <Dialog
      title={texts.itemFactsOf(item.text)}
      onClose={onClose}
      actions={
        <>
          <Button label={texts.cancel} onPress={onClose} />
          <Button kind="primary" label={texts.save} onPress={save} />
        </>
      }
    >
      <Select
        label={texts.assignee}
        value={who}
        options={[
          { value: NOBODY, label: texts.nobody },
          ...all.map((name) => ({ value: name, label: nameOf(name) })),
        ]}
        onChange={setWho}
      />
      <DayInput label={texts.due} error={error} day={day ?? ""} onTyped={setDay} onDay={setDay} />
    </Dialog>
  );
}
