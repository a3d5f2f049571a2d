/** What of an account few people need: a second factor, where they are logged in, a file of their data, and the end of it. */

import { DeleteAccount } from "./delete-account";
import { OwnData } from "./own-data";
import { Sessions } from "./sessions";
import { TwoSteps } from "./two-steps";

export function AccountParts() {
  return (
    <>
      <TwoSteps />
      <Sessions />
      <OwnData />
      <DeleteAccount />
    </>
  );
}
