import { learnNames, useKnownNames } from "./names";
import { useSession } from "./session";
import type { User } from "../generated/api";

const shown = (username: string) => useKnownNames.getState().shown.get(username);

afterEach(() => useSession.setState({ user: null }));

it("people are called by their display names, and distinguished if two have the same name", () => {
  learnNames([
    { username: "ada", display_name: "Ada" },
    { username: "ada2", display_name: "ada" },
    { username: "grace", display_name: "grace" },
    { username: "eve", display_name: "Grace" },
    { username: "linus", display_name: "Linus T." },
    { username: "old" },
  ]);
  expect(["ada", "ada2", "grace", "eve", "linus", "old"].map(shown)).toEqual([
    "Ada",
    "ada (ada2)",
    "grace",
    "Grace (eve)",
    "Linus T.",
    "old",
  ]);
});

it("what one user has seen of others is not the next one's; one's own name is known at once", () => {
  learnNames([{ username: "grace", display_name: "Grace Hopper" }]);
  const user = { id: 9, username: "ada", display_name: "Ada L." } as User;
  useSession.setState({ user });
  expect([shown("grace"), shown("ada")]).toEqual([undefined, "Ada L."]);
  useSession.setState({ user: { ...user, display_name: "Countess" } });
  expect(shown("ada")).toBe("Countess");
});
