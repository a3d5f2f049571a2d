/** The stack of screens on phones: the system's own, with its gestures. */

import { createNativeStackNavigator } from "@react-navigation/native-stack";
import type { Routes } from "./routes";

export const Stack = createNativeStackNavigator<Routes>();
