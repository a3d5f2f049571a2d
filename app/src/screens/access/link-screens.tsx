/** Where links lead that let somebody in: what is around their pages, which are loaded when they are shown. */

import { useEffect } from "react";
import { Platform } from "react-native";
import { lazily } from "../../components/lazily";
import { Screen } from "../../navigation/screen";
import { takeLink, type LinkKind } from "../../state/links";
import { useTexts } from "../../utilities/texts";

const parts = () => import("./parts");
const InvitePage = lazily(() => parts().then(({ InvitePage: page }) => page));
const ResetPage = lazily(() => parts().then(({ ResetPage: page }) => page));
const VerifyEmailPage = lazily(() => parts().then(({ VerifyEmailPage: page }) => page));

export function InviteScreen() {
  const { account } = useTexts();
  useLinkOfAddress("invite");
  return (
    <Screen title={account.invitation} width="narrow">
      <InvitePage />
    </Screen>
  );
}

export function ResetScreen() {
  const { account } = useTexts();
  useLinkOfAddress("reset");
  return (
    <Screen title={account.newPassword} width="narrow">
      <ResetPage />
    </Screen>
  );
}

export function VerifyEmailScreen() {
  const { account } = useTexts();
  useLinkOfAddress("verify-email");
  return (
    <Screen title={account.email} width="narrow">
      <VerifyEmailPage />
    </Screen>
  );
}

/** Also of a link that somebody follows while the screen of another is in view. */
function useLinkOfAddress(kind: LinkKind) {
  useEffect(() => {
    const take = () => takeLink(kind);
    take();
    if (Platform.OS !== "web") return;
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, [kind]);
}
