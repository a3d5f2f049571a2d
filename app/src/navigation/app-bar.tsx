/** The bar above every screen: the way back, the app's name, the mode, and the account's menu. */

import { useRoute } from "@react-navigation/native";
import { Pressable, StyleSheet, View } from "react-native";
import { useSafeAreaInsets } from "react-native-safe-area-context";
import { Avatar, Badge } from "../components/avatar";
import { Button, IconButton } from "../components/button";
import { Icon } from "../components/icon";
import { linkProps } from "../components/link";
import { Menu, type MenuItem } from "../components/menu";
import { Text } from "../components/text";
import type { User } from "../generated/api";
import { useMayRegister, useMe } from "../state/account";
import { useSession } from "../state/session";
import { isTouch, radii, spacing, target, useLayout, useTheme } from "../theme";
import { focusHeading } from "../utilities/focus";
import { useTexts } from "../utilities/texts";
import { onWeb } from "../utilities/web";
import { currentPath, goBack, open, startAt } from "./open";
import { openPalette } from "./palette-open";
import { paths } from "./routes";
import { openShortcuts } from "./shortcuts-sheet";
import { useLeaving } from "./use-leaving";

const BELOW_OTHERS = new Set([
  "Board",
  "Task",
  "Members",
  "Timeline",
  "Insights",
  "Profile",
  "AdminActivity",
  "AdminDashboard",
  "AdminUsers",
  "QuickWinBoard",
  "QuickWinTask",
  "QuickWinTimeline",
]);

export function AppBar() {
  const { colours } = useTheme();
  const texts = useTexts();
  const { layout } = useLayout();
  const insets = useSafeAreaInsets();
  const route = useRoute();
  const quickWin = route.name.startsWith("QuickWin");
  const home = quickWin ? "/quick-win" : "/";
  return (
    <View
      role="banner"
      style={[
        styles.bar,
        {
          paddingTop: insets.top + spacing.xs,
          backgroundColor: colours.surface,
          borderBottomColor: colours.border,
        },
      ]}
    >
      <Pressable
        {...linkProps("#content", focusHeading)}
        aria-label={texts.kit.skipToContent}
        {...onWeb({ dataSet: { skip: "" } })}
        style={[styles.skip, { backgroundColor: colours.inverse }]}
      >
        <Text variant="label" tone="onInverse">
          {texts.kit.skipToContent}
        </Text>
      </Pressable>
      {BELOW_OTHERS.has(route.name) && (
        <IconButton icon="back" label={texts.kit.back} onPress={goBack} />
      )}
      <Pressable
        {...linkProps(home, () => startAt(home))}
        aria-label={texts.shell.home}
        style={styles.brand}
      >
        <View style={[styles.mark, { backgroundColor: colours.accent }]}>
          <Icon name="board" size={18} tone="onAccent" />
        </View>
        {layout !== "phone" && <Text variant="strong">{texts.kit.appName}</Text>}
      </Pressable>
      <View style={styles.grow} />
      {quickWin && (
        <View>
          <Badge label={texts.shell.withoutAccount} tone="info" icon="bolt" />
        </View>
      )}
      {layout !== "phone" && (
        <IconButton icon="search" label={texts.shortcuts.palette} onPress={openPalette} />
      )}
      {!isTouch && layout !== "phone" && (
        <IconButton icon="keyboard" label={texts.shell.shortcuts} onPress={openShortcuts} />
      )}
      {!quickWin && <LoginAgain />}
      <AccountMenu quickWin={quickWin} />
    </View>
  );
}

/** Whose login has expired may read on, and log in whenever they like. */
function LoginAgain() {
  const texts = useTexts();
  const expired = useSession((session) => session.status === "expired");
  const { name } = useRoute();
  if (!expired || name === "Login" || name === "Register") return null;
  const to = paths.login(currentPath());
  return (
    <Button
      kind="primary"
      size="small"
      label={texts.shell.logIn}
      to={to}
      onPress={() => open(to)}
    />
  );
}

/** What the account menu offers: it differs with who is there, and where. */
function useAccountItems(
  me: User | null | undefined,
  quickWin: boolean,
  onLeave: () => void,
): MenuItem[] {
  const texts = useTexts();
  const loggedIn = Boolean(me);
  const admin = me?.role === "admin";
  const mayRegister = useMayRegister();
  const { layout } = useLayout();
  const items: MenuItem[] = [];
  if (layout === "phone") {
    items.push({
      key: "palette",
      label: texts.shortcuts.palette,
      icon: "search",
      onPress: openPalette,
    });
  }
  if (loggedIn) {
    items.push({
      key: "boards",
      label: texts.shell.boards,
      icon: "board",
      onPress: () => startAt("/boards"),
    });
  }
  if (!quickWin) {
    items.push({
      key: "quick-win",
      label: texts.shell.quickWin,
      icon: "bolt",
      onPress: () => startAt("/quick-win"),
    });
  }
  items.push({
    key: "profile",
    label: texts.shell.profile,
    icon: "person",
    onPress: () => open("/profile"),
  });
  if (admin) {
    items.push({
      key: "admin",
      label: texts.shell.admin,
      icon: "activity",
      onPress: () => open(paths.admin),
    });
  }
  if (!isTouch) {
    items.push({
      key: "keys",
      label: texts.shell.shortcuts,
      icon: "keyboard",
      onPress: openShortcuts,
    });
  }
  if (loggedIn) {
    items.push({
      key: "out",
      label: texts.shell.logOut,
      icon: "leave",
      onPress: onLeave,
    });
  } else {
    items.push({
      key: "in",
      label: texts.shell.logIn,
      icon: "person",
      onPress: () => open(paths.login()),
    });
    if (mayRegister) {
      items.push({
        key: "new",
        label: texts.shell.register,
        icon: "add",
        onPress: () => open(paths.register()),
      });
    }
  }
  return items;
}

function AccountMenu({ quickWin }: { readonly quickWin: boolean }) {
  const texts = useTexts();
  const me = useMe();
  const { ask, question } = useLeaving(() => startAt("/"));
  const items = useAccountItems(me, quickWin, () => ask(false));
  const name = me ? me.username : null;
  return (
    <>
      <Menu
        label={texts.shell.accountMenu}
        items={items}
        icon="menu"
        trigger={
          name === null
            ? undefined
            : ({ onPress, expanded, web }) => (
                <Pressable
                  role="button"
                  aria-label={texts.shell.accountMenu}
                  aria-expanded={expanded}
                  onPress={onPress}
                  {...onWeb(web)}
                  style={styles.account}
                >
                  <Avatar name={name} size={32} decorative />
                </Pressable>
              )
        }
      />
      {question}
    </>
  );
}

/** The link that leads into the mode without accounts; where there is none, it stays visible. */
export function QuickWinButton({
  kind = "secondary",
}: {
  readonly kind?: "primary" | "secondary";
}) {
  const texts = useTexts();
  return (
    <Button
      kind={kind}
      icon="bolt"
      label={texts.shell.quickWin}
      to="/quick-win"
      onPress={() => startAt("/quick-win")}
    />
  );
}

const styles = StyleSheet.create({
  bar: {
    flexDirection: "row",
    alignItems: "center",
    gap: spacing.s,
    minHeight: 52,
    paddingBottom: spacing.xs,
    paddingHorizontal: spacing.m,
    borderBottomWidth: 1,
    zIndex: 1,
  },
  skip: {
    position: "absolute",
    left: spacing.m,
    top: spacing.s,
    zIndex: 2,
    padding: spacing.s,
    paddingHorizontal: spacing.m,
    borderRadius: radii.m,
  },
  brand: { flexDirection: "row", alignItems: "center", gap: spacing.s, minHeight: target },
  mark: {
    width: 30,
    height: 30,
    borderRadius: radii.s + 2,
    alignItems: "center",
    justifyContent: "center",
  },
  account: {
    minWidth: target,
    minHeight: target,
    alignItems: "center",
    justifyContent: "center",
    borderRadius: radii.round,
  },
  grow: { flex: 1 },
});
