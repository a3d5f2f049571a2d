/** A link that does not count (any more), and the way on. */

import { Button, EmptyState } from "../../components";
import { startAt } from "../../navigation/open";
import { useTexts } from "../../utilities/texts";

export function LinkInvalid({
  title,
  children,
}: {
  readonly title: string;
  readonly children: string;
}) {
  const { shell } = useTexts();
  return (
    <EmptyState
      icon="warning"
      title={title}
      actions={<Button kind="primary" label={shell.toStart} to="/" onPress={() => startAt("/")} />}
    >
      {children}
    </EmptyState>
  );
}
