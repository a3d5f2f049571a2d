/** What is above the forms for login and registration when something is in the way. */

import { Banner } from "../../components";
import { QuickWinButton } from "../../navigation/app-bar";
import { isWrongCredentials, RequestError } from "../../utilities/request";
import { useTexts } from "../../utilities/texts";
import { errorText, isNotConfigured } from "../../utilities/texts/errors";
import { clock } from "../../utilities/countdown";
import { elapsed } from "../../utilities/elapsed";

/** When a refused attempt may be repeated, in milliseconds as `elapsed` counts them. */
export function retryAt(error: unknown): number | null {
  return error instanceof RequestError && error.status === 429 && error.retryAfter !== null
    ? elapsed() + error.retryAfter
    : null;
}

/** @param wait seconds until the next attempt; 0: now */
export function AccountNotice({ error, wait }: { readonly error: unknown; readonly wait: number }) {
  const texts = useTexts();
  const { account } = texts;
  if (error === null || error === undefined) return null;
  if (isNotConfigured(error)) {
    return (
      <Banner tone="warning" title={account.notConfiguredTitle} actions={<QuickWinButton />}>
        {account.notConfigured}
      </Banner>
    );
  }
  if (error instanceof RequestError && error.status === 429) {
    return (
      <Banner tone="warning" title={account.tooMany} icon="clock" ticking>
        {wait > 0 ? account.tryAgainIn(clock(wait)) : account.tryAgainNow}
      </Banner>
    );
  }
  const words = isWrongCredentials(error) ? account.wrongCredentials : errorText(error, texts);
  return <Banner tone="danger">{words}</Banner>;
}
