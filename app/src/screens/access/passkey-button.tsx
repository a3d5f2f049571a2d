/** Logs in by a passkey: neither a name nor a password is typed. */

import { useState } from "react";
import { Banner, Button } from "../../components";
import { useLogInByPasskey } from "../../state/passkeys";
import { clock, useCountdown } from "../../utilities/countdown";
import { useTexts } from "../../utilities/texts";
import { passkeyErrorText, usePasskeyTexts } from "../../utilities/texts/passkeys";
import { retryAt } from "../account/account-notices";

export function PasskeyButton({ onEntered }: { readonly onEntered: () => void }) {
  const all = useTexts();
  const texts = usePasskeyTexts();
  const { mutate, error, isPending } = useLogInByPasskey();
  const [until, setUntil] = useState<number | null>(null);
  const wait = useCountdown(until);
  const ask = () =>
    mutate(undefined, {
      onSuccess: onEntered,
      onError: (failure) => setUntil(retryAt(failure)),
    });
  return (
    <>
      {error !== null && (
        <Banner tone="danger" title={texts.logInFailed} ticking={wait > 0}>
          {wait > 0 ? all.account.tryAgainIn(clock(wait)) : passkeyErrorText(error, all, texts)}
        </Banner>
      )}
      <Button label={texts.logIn} busy={isPending} disabled={wait > 0} onPress={ask} />
    </>
  );
}
