/** The entry that Expo starts on every platform. */

import "@expo/metro-runtime";
import { registerRootComponent } from "expo";
import { App } from "./src/app";

registerRootComponent(App);
