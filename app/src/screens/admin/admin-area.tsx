/** The parts of the admin area, in one chunk: a user who opens one soon opens another. */

import { Activity } from "./activity";
import { Dashboard } from "./dashboard";
import { Users } from "./users";

export type AdminPart = "activity" | "dashboard" | "users";

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
