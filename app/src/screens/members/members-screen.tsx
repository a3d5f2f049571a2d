/** Who may see a board and do what on it; owners invite, change roles and remove. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import {
  Avatar,
  Badge,
  Banner,
  Button,
  ConfirmDialog,
  Heading,
  IconButton,
  Select,
  Skeleton,
  Text,
  toast,
} from "../../components";
import { OnlyHere } from "../../board/trouble/only-here";
import { Screen } from "../../navigation/screen";
import { startAt } from "../../navigation/open";
import { useMe } from "../../state/account";
import { useRemoveMember, useSetMember } from "../../state/member-list";
import { useNameOf } from "../../state/names";
import { useMembers } from "../../state/queries";
import type { Member, Role } from "../../sync";
import { radii, spacing, useLayout, useTheme } from "../../theme";
import { RequestError } from "../../utilities/request";
import { useTexts, type Catalogue } from "../../utilities/texts";
import { errorText } from "../../utilities/texts/errors";
import { useFormats } from "../../utilities/texts/formats";
import { InviteForm } from "./invite-form";

/** The server's refusals in the terms of this screen. */
function refusal(error: unknown, texts: Catalogue): string {
  const lastOwner = error instanceof RequestError && error.type === "/problems/last-owner";
  return lastOwner
    ? `${texts.members.lastOwnerTitle}. ${texts.members.lastOwner}`
    : errorText(error, texts);
}

export function MembersScreen({ board }: { readonly board: number }) {
  const texts = useTexts();
  const { members, kit } = texts;
  const me = useMe();
  const query = useMembers(board);
  const remove = useRemoveMember(board, me?.username);
  const nameOf = useNameOf();
  const [asked, setAsked] = useState<Member | null>(null);
  const all = query.data;
  const mine = all?.find(({ id }) => id === me?.id);
  const owner = mine?.role === "owner";
  const self = asked !== null && asked.id === me?.id;

  const confirm = () => {
    if (asked === null) return;
    const { username } = asked;
    remove.mutate(username, {
      onSuccess: () => {
        toast(self ? members.left : members.removed(nameOf(username)), { tone: "success" });
        if (self) startAt("/boards");
      },
      onError: (error) => toast(refusal(error, texts), { tone: "danger" }),
      onSettled: () => setAsked(null),
    });
  };

  return (
    <Screen title={members.title}>
      {owner && <InviteForm board={board} />}
      {mine !== undefined && !owner && <Banner>{members.onlyOwners}</Banner>}
      {query.error !== null && (
        <Banner
          tone="danger"
          title={members.failed}
          actions={<Button size="small" label={kit.retry} onPress={() => void query.refetch()} />}
        >
          {errorText(query.error, texts)}
        </Banner>
      )}
      {all === undefined && query.error === null && (
        <View aria-busy style={styles.list}>
          <Skeleton height={64} radius={radii.m} />
          <Skeleton height={64} radius={radii.m} />
        </View>
      )}
      {all !== undefined && (
        <View role="list" style={styles.list}>
          {all.map((member) => (
            <MemberRow
              key={member.id}
              board={board}
              member={member}
              self={member.id === me?.id}
              owner={owner}
              onRemove={() => setAsked(member)}
            />
          ))}
        </View>
      )}
      {asked !== null && (
        <ConfirmDialog
          title={self ? members.leaveTitle : members.removeTitle(nameOf(asked.username))}
          message={self ? members.leaveText : members.removeText}
          confirm={self ? members.leaveDo : members.removeDo}
          danger
          busy={remove.isPending}
          onConfirm={confirm}
          onClose={() => setAsked(null)}
        >
          {self && <OnlyHere address={{ mode: "teams", id: board }} />}
        </ConfirmDialog>
      )}
    </Screen>
  );
}

function MemberRow({
  board,
  member,
  self,
  owner,
  onRemove,
}: {
  readonly board: number;
  readonly member: Member;
  readonly self: boolean;
  /** Whether who looks at this is an owner. */
  readonly owner: boolean;
  readonly onRemove: () => void;
}) {
  const texts = useTexts();
  const { members, boards } = texts;
  const { colours } = useTheme();
  const { layout } = useLayout();
  const formats = useFormats();
  const change = useSetMember(board);
  const { username, role } = member;
  const name = useNameOf()(username);
  // What an owner is about to make of themselves.
  const [asked, setAsked] = useState<Role | null>(null);
  const setRole = (next: Role) =>
    change.mutate(
      { username, role: next },
      {
        onSuccess: () => toast(members.changed(name), { tone: "success" }),
        onError: (error) => toast(refusal(error, texts), { tone: "danger" }),
        onSettled: () => setAsked(null),
      },
    );
  return (
    <View
      role="listitem"
      style={[styles.row, { backgroundColor: colours.surface, borderColor: colours.border }]}
    >
      <Avatar name={username} size={36} decorative />
      <View style={styles.who}>
        <View style={styles.name}>
          <Heading level={2} look={3} numberOfLines={1}>
            {name}
          </Heading>
          {self && <Badge label={members.you} tone="accent" />}
        </View>
        <Text variant="caption" tone="textMuted">
          {name === username ? "" : `${username} · `}
          {members.since(formats.date(member.created_at))}
        </Text>
      </View>
      {owner ? (
        <Select
          label={members.roleOf(name)}
          hideLabel
          value={change.isPending ? change.variables.role : role}
          onChange={(next) => (self && next !== role ? setAsked(next) : setRole(next))}
          style={layout === "phone" ? styles.roleOnPhone : styles.role}
          options={(["owner", "editor", "viewer"] as const).map((value) => ({
            value,
            label: boards.roles[value],
          }))}
        />
      ) : (
        <Badge label={boards.roles[role]} />
      )}
      {self ? (
        <Button size="small" icon="leave" label={members.leave} onPress={onRemove} />
      ) : (
        owner && <IconButton icon="trash" label={members.remove(name)} onPress={onRemove} />
      )}
      {asked !== null && (
        <ConfirmDialog
          title={members.lowerTitle}
          message={members.lowerText}
          confirm={members.lowerDo}
          danger
          busy={change.isPending}
          onConfirm={() => setRole(asked)}
          onClose={() => setAsked(null)}
        />
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  list: { gap: spacing.s },
  row: {
    flexDirection: "row",
    flexWrap: "wrap",
    alignItems: "center",
    gap: spacing.m,
    padding: spacing.m,
    borderWidth: 1,
    borderRadius: radii.m,
  },
  who: { flexGrow: 1, flexShrink: 1, flexBasis: 160, minWidth: 0 },
  name: { flexDirection: "row", alignItems: "center", gap: spacing.s },
  role: { width: 160 },
  roleOnPhone: { flexGrow: 1, flexBasis: 140 },
});
