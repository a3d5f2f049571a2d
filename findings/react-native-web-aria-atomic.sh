#!/usr/bin/env bash
# aria-atomic and aria-required on the elements of React Native for Web.
#
# Guess:    the aria-* props of a View and a TextInput reach the page as they are written, as most do.
# Happens:  aria-atomic by itself is left out; next to aria-activedescendant, the page gets
#           aria-atomic with the value of aria-activedescendant. A live region that should be read as a
#           whole is read in pieces. aria-required reaches the page, but `required`, which the same component sets
#           for accessibilityRequired, does not come with it.
# Versions: react-native-web 0.21.4, react and react-dom 19.2.3 (npm).
# Source:   dist/modules/createDOMProps: the value of aria-atomic is taken from the variable of
#           aria-activedescendant; exports/TextInput and createDOMProps read accessibilityRequired alone.
# Seen:     atomic alone: -   beside a descendant: x   required: aria-required=true required=-
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/support/servers.bash"

cd "$folder"
npm install --silent --no-audit --no-fund --no-save react-native-web@0.21.4 react@19.2.3 react-dom@19.2.3
cat >probe.cjs <<'JS'
const { createElement } = require("react");
const { renderToStaticMarkup } = require("react-dom/server");
const { View, TextInput } = require("react-native-web");
const html = (type, props) => renderToStaticMarkup(createElement(type, props));
const value = (text, name) => text.match(new RegExp(` ${name}="([^"]*)"`, "u"))?.[1] ?? "-";
const alone = html(View, { "aria-atomic": true });
const beside = html(View, { "aria-atomic": true, "aria-activedescendant": "x" });
const field = html(TextInput, { "aria-required": true });
console.log(
  `atomic alone: ${value(alone, "aria-atomic")}   beside a descendant: ${value(beside, "aria-atomic")}` +
    `   required: aria-required=${value(field, "aria-required")} required=${value(field, "required")}`,
);
JS
expect "react-native-web 0.21.4" "$(node probe.cjs)" \
    "atomic alone: -   beside a descendant: x   required: aria-required=true required=-"
