/** Says that the admin area is closed to this user by now, and leads away from it. */

import { Banner, Button } from "../../components";
import { startAt } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { refreshUser } from "../../state/session";
import { useAdminTexts } from "../../utilities/texts/admin";

export function NoAdminAnyMore() {
  const texts = useAdminTexts().parts;
  return (
    <Banner
      tone="warning"
      actions={<Button size="small" label={texts.toBoards} onPress={toBoards} />}
    >
      {texts.onlyAdmins}
    </Banner>
  );
}

function toBoards() {
  startAt(paths.boards("teams"));
  void refreshUser();
}
