/**
 * The stack of screens on the web: all stay mounted, the newest is seen, and what is below a
 * transparent one. The native stack's web form would bring headers that nothing here shows.
 */

import {
  createNavigatorFactory,
  StackRouter,
  useNavigationBuilder,
  type DefaultNavigatorOptions,
  type ParamListBase,
  type StackActionHelpers,
  type StackNavigationState,
  type StackRouterOptions,
} from "@react-navigation/native";
import type { NativeStackNavigationOptions } from "@react-navigation/native-stack";
import { StyleSheet, View } from "react-native";
import { onWeb } from "../utilities/web";
import type { Stack as NativeStack } from "./stack";

type Options = Pick<NativeStackNavigationOptions, "presentation">;

type Props = DefaultNavigatorOptions<
  ParamListBase,
  string | undefined,
  StackNavigationState<ParamListBase>,
  Options,
  Record<string, never>,
  unknown
>;

function WebStack({ children, screenOptions, initialRouteName }: Props) {
  const { state, descriptors, render } = useNavigationBuilder<
    StackNavigationState<ParamListBase>,
    StackRouterOptions,
    StackActionHelpers<ParamListBase>,
    Options,
    Record<string, never>
  >(StackRouter, { children, screenOptions, initialRouteName });
  return render(
    <View style={styles.all}>
      {state.routes.map((route, index) => {
        const descriptor = descriptors[route.key];
        const above = state.routes[index + 1];
        const focused = index === state.index;
        const shines =
          index === state.index - 1 &&
          above !== undefined &&
          descriptors[above.key]?.options.presentation === "transparentModal";
        return (
          <View
            key={route.key}
            aria-hidden={!focused}
            {...onWeb({ inert: !focused })}
            style={[StyleSheet.absoluteFill, !focused && !shines && styles.hidden]}
          >
            {descriptor?.render()}
          </View>
        );
      })}
    </View>,
  );
}

export const Stack: typeof NativeStack = createNavigatorFactory(WebStack)();

const styles = StyleSheet.create({ all: { flex: 1 }, hidden: { display: "none" } });
