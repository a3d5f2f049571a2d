/** Invites somebody by their user name, or by a link. */

import { useRef, useState } from "react";
import { StyleSheet, View } from "react-native";
import { Button, Heading, Select, Text, TextField, toast, type Focusable } from "../../components";
import { lazyDialog } from "../../components/lazily";
import { useDraft, type DraftField } from "../../state/drafts";
import { MemberAlready, NoSuchUser, useInvite } from "../../state/member-list";
import type { Role } from "../../sync";
import { radii, spacing, useTheme } from "../../theme";
import { usernameFault } from "../../utilities/checks";
import { useTexts, type Catalogue } from "../../utilities/texts";
import { errorText } from "../../utilities/texts/errors";

const LinksDialog = lazyDialog(() =>
  import("../access/parts").then(({ LinksDialog: dialog }) => dialog),
);

const BoardTokensDialog = lazyDialog(() =>
  import("../access/parts").then(({ BoardTokensDialog: dialog }) => dialog),
);

const ROLES = ["owner", "editor", "viewer"] as const;
const USUAL = "editor";

/** Why somebody could not be let in; undefined where they were. */
function refusal(error: unknown, name: string, texts: Catalogue): string | undefined {
  if (error === null) return undefined;
  if (error instanceof MemberAlready) return texts.members.already(name);
  if (error instanceof NoSuchUser) return texts.members.noSuchUser(name);
  return errorText(error, texts);
}

/**
 * As what somebody is let in: kept with the name that it was chosen for, and the same for the next one.
 *
 * @returns takes a role, and the name that it is for
 */
function useRole(draft: DraftField): readonly [Role, (role: Role, username: string) => void] {
  const [chosen, setChosen] = useState<Role | null>(null);
  const kept = ROLES.find((role) => role === draft.value) ?? USUAL;
  const set = (role: Role, username: string) => {
    setChosen(role);
    if (username === "") draft.clear();
    else draft.set(role);
  };
  return [chosen ?? kept, set];
}

/** Whom to let in and as what, and what the server says of it. */
function useInviteForm(board: number) {
  const texts = useTexts();
  const { members } = texts;
  const invite = useInvite(board);
  const key = { address: { mode: "teams", id: board }, task: null } as const;
  const draft = useDraft({ ...key, field: "invite" }, "");
  const username = draft.value;
  const [role, setRole] = useRole(useDraft({ ...key, field: "invite-role" }, USUAL));
  const [tried, setTried] = useState(false);
  const field = useRef<Focusable>(null);
  const name = username.trim();
  // Before it is sent: a name such as ".." would be no name in an address, but a way up.
  const fault = name === "" ? members.usernameMissing : usernameFault(name, texts);
  const submit = () => {
    setTried(true);
    if (fault !== undefined) {
      field.current?.focus();
      return;
    }
    // Messages and cleanup then happen on whatever screen they are by then.
    const added = () => {
      toast(members.added(name), { tone: "success" });
      draft.saved(username);
      setRole(role, "");
    };
    const settled = {
      onSuccess: () => setTried(false),
      onSettled: () => field.current?.focus(),
    };
    void invite.mutateAsync({ username: name, role }, settled).then(added, () => undefined);
  };
  const refused = refusal(invite.error, invite.variables?.username ?? "", texts);
  const write = (value: string) => {
    draft.set(value);
    setRole(role, value);
    if (invite.error !== null) invite.reset();
  };
  const error = (tried ? fault : undefined) ?? refused;
  const chooseRole = (next: Role) => setRole(next, username);
  return { username, write, role, chooseRole, error, field, busy: invite.isPending, submit };
}

export function InviteForm({ board }: { readonly board: number }) {
  const { members } = useTexts();
  const { colours } = useTheme();
  const [byLink, setByLink] = useState(false);
  const [tokens, setTokens] = useState(false);
  const { username, write, role, chooseRole, error, field, busy, submit } = useInviteForm(board);
  return (
    <View style={[styles.form, { backgroundColor: colours.surface, borderColor: colours.border }]}>
      <Heading level={2}>{members.invite}</Heading>
      <Text variant="small" tone="textMuted">
        {members.inviteHint}
      </Text>
      <View style={styles.fields}>
        <TextField
          ref={field}
          label={members.username}
          value={username}
          onChangeText={write}
          error={error}
          autoCapitalize="none"
          autoComplete="off"
          required
          onSubmit={submit}
          style={styles.name}
        />
        <Select
          label={members.role}
          value={role}
          onChange={chooseRole}
          style={styles.role}
          options={ROLES.map((value) => ({
            value,
            label: members.roleTexts[value],
          }))}
        />
      </View>
      <View style={styles.buttons}>
        <Button kind="primary" icon="add" label={members.add} busy={busy} onPress={submit} />
        <Button label={members.byLink} onPress={() => setByLink(true)} />
        <Button label={members.apiTokens} onPress={() => setTokens(true)} />
      </View>
      {byLink && <LinksDialog board={board} onClose={() => setByLink(false)} />}
      {tokens && <BoardTokensDialog board={board} onClose={() => setTokens(false)} />}
    </View>
  );
}

const styles = StyleSheet.create({
  form: { gap: spacing.m, padding: spacing.l, borderWidth: 1, borderRadius: radii.l },
  fields: { flexDirection: "row", flexWrap: "wrap", gap: spacing.m },
  name: { flexGrow: 1, flexBasis: 200 },
  role: { flexGrow: 1, flexBasis: 240 },
  buttons: { flexDirection: "row", flexWrap: "wrap", gap: spacing.m },
});
