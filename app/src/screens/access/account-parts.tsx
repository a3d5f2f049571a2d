/** What of an account few people need: where they are logged in, a file of their data, and the end of it. */

import { DeleteAccount } from "./delete-account";
import { OwnData } from "./own-data";
import { Sessions } from "./sessions";

export function AccountParts() {
  return (
    <>
      <Sessions />
      <OwnData />
      <DeleteAccount />
    </>
  );
}
