/** The parts of the admin area, in one piece: whoever opens one soon opens another. */

import { Activity } from "./activity";
import type { AdminPart } from "./admin-screen";
import { Dashboard } from "./dashboard";
import { Users } from "./users";

export function AdminArea({ part }: { readonly part: AdminPart }) {
  switch (part) {
    case "activity":
      return <Activity />;
    case "dashboard":
      return <Dashboard />;
    case "users":
      return <Users />;
  }
}
