# The findings' common functions: pinned packages in a temporary folder, servers on loopback that end
# with the script, and a failing comparison. To be sourced.

folder=$(mktemp -d)
processes=()
finish() {
    for process in "${processes[@]}"; do kill "$process" 2>/dev/null || true; done
    wait
    rm -rf "$folder"
}
trap finish EXIT

# Installs packages from PyPI into the folder, without dependencies.
packages() {
    python3 -m pip --disable-pip-version-check install --quiet --root-user-action ignore --no-deps --target "$folder" "$@"
}

# Sends a command to a server: `command_to PORT WORD…`. Prints the answer, a line for each value.
command_to() {
    python3 - "$@" <<'PYTHON'
import socket, sys

words = [word.encode() for word in sys.argv[2:]]
wire = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 10)
wire.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words))
answer = wire.makefile("rb")

def tell():
    line = answer.readline().decode().rstrip("\r\n")
    kind, rest = line[:1], line[1:]
    if kind == "$" and rest != "-1":
        print(answer.read(int(rest) + 2)[:-2].decode())
    elif kind == "*" and rest != "-1":
        for _ in range(int(rest)):
            tell()
    else:
        print({"$-1": "(nil)", "*-1": "(nil)"}.get(line, rest if kind != "-" else "error: " + rest))

tell()
PYTHON
}

# Starts a server on a free port: `start PROGRAM OPTION…`; the port is in `port` then.
start() {
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    "$1" --bind 127.0.0.1 --port "$port" --save "" --dir "$folder" "${@:2}" >"$folder/server.log" 2>&1 &
    processes+=($!)
    for _ in $(seq 200); do
        if [ "$(command_to "$port" PING 2>/dev/null)" = PONG ]; then return; fi
        sleep 0.05
    done
    cat "$folder/server.log" >&2
    return 1
}

# Fails unless this was seen: `expect NAME SEEN EXPECTED`.
expect() {
    echo "$1: $2"
    if [ "$2" != "$3" ]; then
        echo "$1: it was: $3" >&2
        exit 1
    fi
}
