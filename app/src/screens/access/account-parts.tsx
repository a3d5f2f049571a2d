/**
 * What of an account few people need: its password, e-mail address and second factor, its log-ins, its API tokens, a
 * file of its data, its end.
 */

import { Platform } from "react-native";
import { PasswordForm } from "../profile/password-form";
import { ApiTokens } from "./api-tokens";
import { DeleteAccount } from "./delete-account";
import { EmailSection } from "./email-section";
import { Identities } from "./identities";
import { OwnData } from "./own-data";
import { Passkeys } from "./passkeys";
import { Sessions } from "./sessions";
import { TwoSteps } from "./two-steps";

export function AccountParts() {
  return (
    <>
      <PasswordForm />
      <EmailSection />
      <TwoSteps />
      <Passkeys />
      {Platform.OS === "web" && <Identities />}
      <Sessions />
      <ApiTokens />
      <OwnData />
      <DeleteAccount />
    </>
  );
}
