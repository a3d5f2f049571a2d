/** Makes a link by which somebody who forgot their password chooses a new one; for admins. */

import { Banner, Button, Dialog, Text } from "../../components";
import type { AdminUser } from "../../generated/api";
import { linkAddress, useMakeResetLink } from "../../state/access";
import { useTexts } from "../../utilities/texts";
import { useAccessTexts } from "../../utilities/texts/access";
import { errorText } from "../../utilities/texts/errors";
import { useFormats } from "../../utilities/texts/formats";
import { MadeLink } from "./made-link";
import { useShownOnce } from "./shown-once";

export function ResetLinkDialog({
  user: { username, display_name: name },
  onClose,
}: {
  readonly user: AdminUser;
  readonly onClose: () => void;
}) {
  const all = useTexts();
  const texts = useAccessTexts().reset;
  const formats = useFormats();
  const { mutate, data: made, error, isPending } = useMakeResetLink();
  const { close, question, onUnkept } = useShownOnce(onClose);
  return (
    <Dialog
      title={texts.makeOne(name)}
      onClose={close}
      actions={
        made === undefined ? (
          <>
            <Button label={all.kit.cancel} onPress={onClose} />
            <Button
              kind="primary"
              label={texts.makeDo}
              busy={isPending}
              onPress={() => mutate(username)}
            />
          </>
        ) : (
          <Button label={all.kit.close} onPress={close} />
        )
      }
    >
      <Text>{texts.makeIntro(name)}</Text>
      {error !== null && (
        <Banner tone="danger" title={texts.makeFailed}>
          {errorText(error, all)}
        </Banner>
      )}
      {made !== undefined && (
        <MadeLink
          address={linkAddress("reset", made.token)}
          hint={texts.until(formats.dateTime(made.expires_at))}
          onUnkept={onUnkept}
        />
      )}
      {question}
    </Dialog>
  );
}
