/** One user as admins see them. */

import { StyleSheet, View } from "react-native";
import { Avatar, Badge, Button, Heading, Select, Text } from "../../components";
import { useNow } from "../../components/use-now";
import type { AdminUser, AdminUserPatch } from "../../generated/api";
import { radii, spacing, useLayout, useTheme } from "../../theme";
import { useFormats } from "../../utilities/texts/formats";
import { useAdminTexts } from "../../utilities/texts/admin";

export function UserRow({
  user,
  self,
  changing,
  onChange,
  onResetLink,
}: {
  readonly user: AdminUser;
  /** Whoever looks at this is meant. */
  readonly self: boolean;
  /** What is on its way to the server. */
  readonly changing: AdminUserPatch | null;
  readonly onChange: (patch: AdminUserPatch) => void;
  readonly onResetLink: () => void;
}) {
  const texts = useAdminTexts().users;
  const { colours } = useTheme();
  const { layout } = useLayout();
  const formats = useFormats();
  const now = useNow();
  const { username, display_name: name, role, disabled, sessions, last_seen_at: seen } = user;
  const facts = [
    ...(name === username ? [] : [username]),
    texts.joined(formats.date(user.created_at)),
    seen === null
      ? texts.neverSeen
      : texts.lastSeen(formats.relative(seen, Math.max(now, Date.parse(seen)))),
    texts.sessions(sessions),
  ];
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
          {self && <Badge label={texts.you} tone="accent" />}
          {disabled && <Badge label={texts.disabled} tone="danger" icon="warning" />}
        </View>
        <Text variant="caption" tone="textMuted">
          {facts.join(" · ")}
        </Text>
      </View>
      <Select
        label={texts.roleOf(name)}
        hideLabel
        // It is not disabled meanwhile: it would lose the keyboard.
        value={changing?.role ?? role}
        onChange={(next) => {
          if (next !== (changing?.role ?? role)) onChange({ role: next });
        }}
        style={layout === "phone" ? styles.roleOnPhone : styles.role}
        options={[
          { value: "user", label: texts.roles.user },
          { value: "admin", label: texts.roles.admin },
        ]}
      />
      {!disabled && (
        <Button
          size="small"
          label={texts.resetLink}
          accessibilityLabel={texts.resetLinkOne(name)}
          onPress={onResetLink}
        />
      )}
      {!self && (
        <Button
          size="small"
          label={disabled ? texts.enable : texts.disable}
          accessibilityLabel={disabled ? texts.enableOne(name) : texts.disableOne(name)}
          onPress={() => onChange({ disabled: !disabled })}
        />
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  row: {
    flexDirection: "row",
    flexWrap: "wrap",
    alignItems: "center",
    gap: spacing.m,
    padding: spacing.m,
    borderWidth: 1,
    borderRadius: radii.m,
  },
  who: { flexGrow: 1, flexShrink: 1, flexBasis: 200, minWidth: 0 },
  name: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.s },
  role: { width: 150 },
  roleOnPhone: { flexGrow: 1, flexBasis: 130 },
});
