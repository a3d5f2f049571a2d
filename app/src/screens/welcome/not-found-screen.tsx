/** An address that leads nowhere. */

import { Button, EmptyState } from "../../components";
import { Screen } from "../../navigation/screen";
import { startAt } from "../../navigation/open";
import { useTexts } from "../../utilities/texts";

export function NotFoundScreen() {
  const { shell } = useTexts();
  return (
    <Screen title={shell.notFoundTitle} hideTitle>
      <EmptyState
        icon="search"
        title={shell.notFoundTitle}
        actions={
          <Button kind="primary" label={shell.toBoards} to="/" onPress={() => startAt("/")} />
        }
      >
        {shell.notFound}
      </EmptyState>
    </Screen>
  );
}
