#!/usr/bin/env bash
# Where the web export of Expo puts a module that only parts loaded by import() need.
#
# Guess:    what only one lazy part needs is in its chunk; what two of them share is in a chunk that is
#           loaded with the first of the two, and the page's first load has neither.
# Happens:  the first holds. What two lazy parts share is moved into a chunk named __common, and the page
#           names that one as a script of its own: every first visit loads it, whether or not either part
#           is ever opened. So each library that a second lazy part imports is paid for by everybody.
# Versions: expo 57.0.26, @expo/metro-runtime 57.0.16, react and react-dom 19.2.3, react-native-web 0.21.4,
#           react-native 0.86.3 (npm).
# Source:   the chunk splitting in the serializer of @expo/metro-config.
# Seen:     needed by one lazy part: lazy   needed by two: first visit, in __common
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/support/servers.bash"

cd "$folder"
cat >package.json <<'JSON'
{ "name": "probe", "version": "1.0.0", "main": "index.js" }
JSON
cat >app.json <<'JSON'
{ "expo": { "name": "probe", "slug": "probe", "platforms": ["web"], "web": { "bundler": "metro", "output": "single" } } }
JSON
npm install --silent --no-audit --no-fund --ignore-scripts expo@57.0.26 @expo/metro-runtime@57.0.16 react@19.2.3 \
    react-dom@19.2.3 react-native@0.86.3 react-native-web@0.21.4
echo 'export const alone = "needed-by-one";' >alone.js
echo 'export const shared = "needed-by-two";' >shared.js
echo 'import { alone } from "./alone"; import { shared } from "./shared"; export default () => alone + shared;' >one.js
echo 'import { shared } from "./shared"; export default () => shared;' >two.js
cat >index.js <<'JS'
import "@expo/metro-runtime";
globalThis.parts = { one: () => import("./one"), two: () => import("./two") };
JS
export EXPO_NO_TELEMETRY=1 EXPO_OFFLINE=1 CI=1
npx expo export --platform web --output-dir out >"$folder/export.log" 2>&1 || { cat "$folder/export.log" >&2; exit 1; }

# Whether the page names the script that contains this text.
place() {
    local file
    file=$(basename "$(grep -rl --include='*.js' "$1" out)")
    if grep -q "$file" out/index.html; then echo "first visit, in ${file%%-*}"; else echo lazy; fi
}
expect "expo 57.0.26" "needed by one lazy part: $(place needed-by-one)   needed by two: $(place needed-by-two)" \
    "needed by one lazy part: lazy   needed by two: first visit, in __common"
