/** The admin area: what is around its parts, which are loaded when an admin opens them. */

import { Pressable, StyleSheet, View } from "react-native";
import { Spinner, Text } from "../../components";
import { lazily } from "../../components/lazily";
import { linkProps } from "../../components/link";
import { Screen } from "../../navigation/screen";
import { replaceBy } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { useMe } from "../../state/account";
import { spacing, target, useTheme } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { onWeb } from "../../utilities/web";
import { NotFoundScreen } from "../welcome/not-found-screen";
import type { AdminPart } from "./admin-area";

const AdminArea = lazily(() => import("./admin-area").then(({ AdminArea: area }) => area));

export function AdminScreen({ part }: { readonly part: AdminPart }) {
  const { shell } = useTexts();
  const me = useMe();
  // To everybody else there is no such place, as the server says.
  if (me && me.role !== "admin") return <NotFoundScreen />;
  return (
    <Screen title={`${shell.admin}: ${shell.adminParts[part]}`} hideTitle>
      <Tabs part={part} />
      {me ? <AdminArea part={part} /> : <Spinner />}
    </Screen>
  );
}

const TABS = [
  ["activity", paths.admin],
  ["dashboard", paths.adminDashboard],
  ["users", paths.adminUsers],
] as const;

function Tabs({ part }: { readonly part: AdminPart }) {
  const { shell } = useTexts();
  const { colours } = useTheme();
  return (
    <View
      role="navigation"
      aria-label={shell.admin}
      style={[styles.tabs, { borderBottomColor: colours.border }]}
    >
      {TABS.map(([each, to]) => {
        const here = each === part;
        return (
          <Pressable
            key={each}
            {...linkProps(to, () => replaceBy(to))}
            aria-label={shell.adminParts[each]}
            {...onWeb({ "aria-current": here ? "page" : undefined })}
            style={[styles.tab, here && [styles.here, { borderBottomColor: colours.accent }]]}
          >
            <Text variant={here ? "label" : "small"} tone={here ? "accent" : "textMuted"}>
              {shell.adminParts[each]}
            </Text>
          </Pressable>
        );
      })}
    </View>
  );
}

const styles = StyleSheet.create({
  tabs: { flexDirection: "row", gap: spacing.s, borderBottomWidth: 1 },
  tab: {
    minHeight: target,
    minWidth: target,
    paddingHorizontal: spacing.m,
    justifyContent: "center",
    paddingBottom: 3,
    marginBottom: -1,
  },
  // A transparent line would be one where the device chooses the colours.
  here: { paddingBottom: 0, borderBottomWidth: 3 },
});
