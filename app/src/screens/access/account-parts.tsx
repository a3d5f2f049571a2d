/** What of an account few people need: its password and second factor, its log-ins, a file of its data, its end. */

import { Platform } from "react-native";
import { PasswordForm } from "../profile/password-form";
import { DeleteAccount } from "./delete-account";
import { Identities } from "./identities";
import { OwnData } from "./own-data";
import { Passkeys } from "./passkeys";
import { Sessions } from "./sessions";
import { TwoSteps } from "./two-steps";

export function AccountParts() {
  return (
    <>
      <PasswordForm />
      <TwoSteps />
      <Passkeys />
      {Platform.OS === "web" && <Identities />}
      <Sessions />
      <OwnData />
      <DeleteAccount />
    </>
  );
}
