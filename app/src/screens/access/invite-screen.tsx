/** Where an invitation's link leads: what stands around what it says, which is loaded when it is shown. */

import { useEffect } from "react";
import { Platform } from "react-native";
import { lazily } from "../../components/lazily";
import { Screen } from "../../components/screen";
import { takeLink } from "../../state/links";
import { useTexts } from "../../utilities/texts";

const InvitePage = lazily(() => import("./parts").then(({ InvitePage: page }) => page));

export function InviteScreen() {
  const { account } = useTexts();
  useLinkOfAddress();
  return (
    <Screen title={account.invitation} width="narrow">
      <InvitePage />
    </Screen>
  );
}

/** Also of a link that somebody follows while the screen of another is in view. */
function useLinkOfAddress() {
  useEffect(() => {
    const take = () => takeLink("invite");
    take();
    if (Platform.OS !== "web") return;
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, []);
}
