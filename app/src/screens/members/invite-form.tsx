/** Lets somebody in by their user name. */

import { useRef, useState } from "react";
import { StyleSheet, View } from "react-native";
import { Button, Heading, Select, Text, TextField, toast, type Focusable } from "../../components";
import { useDraft } from "../../state/drafts";
import { MemberAlready, NoSuchUser, useInvite } from "../../state/member-list";
import type { Role } from "../../state/types";
import { radii, spacing, useTheme } from "../../theme";
import { usernameFault } from "../../utilities/checks";
import { useTexts, type Catalogue } from "../../utilities/texts";
import { errorText } from "../../utilities/texts/errors";

/** Why somebody could not be let in; undefined where they were. */
function refusal(error: unknown, name: string, texts: Catalogue): string | undefined {
  if (error === null) return undefined;
  if (error instanceof MemberAlready) return texts.members.already(name);
  if (error instanceof NoSuchUser) return texts.members.noSuchUser(name);
  return errorText(error, texts);
}

/** Whom to let in and as what, and what the server says of it. */
function useInviteForm(board: number) {
  const texts = useTexts();
  const { members } = texts;
  const invite = useInvite(board);
  const draft = useDraft(
    { address: { mode: "teams", id: board }, task: null, field: "invite" },
    "",
  );
  const username = draft.value;
  const [role, setRole] = useState<Role>("editor");
  const [tried, setTried] = useState(false);
  const field = useRef<Focusable>(null);
  const name = username.trim();
  // Before it is sent: a name such as ".." would be no name in an address, but a way up.
  const fault = name === "" ? members.usernameMissing : usernameFault(name, texts);
  const submit = () => {
    setTried(true);
    if (invite.isPending) return;
    if (fault !== undefined) {
      field.current?.focus();
      return;
    }
    invite.mutate(
      { username: name, role },
      {
        onSuccess: () => {
          toast(members.added(name), { tone: "success" });
          draft.saved(username);
          setTried(false);
        },
        onSettled: () => field.current?.focus(),
      },
    );
  };
  const refused = refusal(invite.error, invite.variables?.username ?? "", texts);
  const write = (value: string) => {
    draft.set(value);
    if (invite.error !== null) invite.reset();
  };
  const error = (tried ? fault : undefined) ?? refused;
  return { username, write, role, setRole, error, field, busy: invite.isPending, submit };
}

export function InviteForm({ board }: { readonly board: number }) {
  const { members } = useTexts();
  const { colours } = useTheme();
  const { username, write, role, setRole, error, field, busy, submit } = useInviteForm(board);
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
          onChange={setRole}
          style={styles.role}
          options={(["owner", "editor", "viewer"] as const).map((value) => ({
            value,
            label: members.roleTexts[value],
          }))}
        />
      </View>
      <Button
        kind="primary"
        icon="add"
        label={members.add}
        busy={busy}
        onPress={submit}
        style={styles.button}
      />
    </View>
  );
}

const styles = StyleSheet.create({
  form: { gap: spacing.m, padding: spacing.l, borderWidth: 1, borderRadius: radii.l },
  fields: { flexDirection: "row", flexWrap: "wrap", gap: spacing.m },
  name: { flexGrow: 1, flexBasis: 200 },
  role: { flexGrow: 1, flexBasis: 240 },
  button: { alignSelf: "flex-start" },
});
