"""Starts what a release's compose.yaml says, and then what its chart makes, as its images would run it, and uses it.

Usage: python3 run.py MODULES HELM SCHEMAS CADDY RELEASE [CACHE]: the folders with Python's modules for YAML and for
schemas, with Helm's library and with CycloneDX's schemas, Caddy, an unpacked release, and a folder with compiled
components where the release's own is empty. Everything runs in a network of its own; the programs of the release run as
nobody, on a root that holds what the Containerfile puts there and the C library, and that they cannot write to. The
commands and the environment are those of the files. It needs root, for PostgreSQL and for that network.
"""

import http.client
import json
import os
import re
import shlex
import shutil
import ssl
import subprocess
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path

if os.environ.get("INSIDE") != "yes":
    # Its own network, in which every port is free, and its own view of the files.
    words = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", sys.executable, *sys.argv]
    sys.exit(subprocess.run(words, env={**os.environ, "INSIDE": "yes"}).returncode)

MODULES, HELM, SCHEMAS, CADDY, RELEASE = (Path(argument).resolve() for argument in sys.argv[1:6])
CACHE = Path(*sys.argv[6:7]).resolve() if sys.argv[6:] else RELEASE / "cache"
sys.path[:0] = [str(MODULES), str(HELM)]

import jsonschema  # noqa: E402
import referencing  # noqa: E402
import yaml  # noqa: E402
from chart import Chart, Installed  # noqa: E402

SECRETS = ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "SPIN_VARIABLE_RELAY_SECRET", "SPIN_VARIABLE_JWT_SECRET")
GIVEN = {name: os.urandom(32).hex() for name in SECRETS}
NOBODY = 65532
# How long the release may take to become ready, in seconds, on an otherwise idle machine.
READY = 5
PATIENCE = 60
# Debian's folder of PostgreSQL's programs; the newest are used.
POSTGRES = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: int(place.parent.name))


def interpolated(value):
    """A value of compose.yaml with the variables in it replaced."""
    if isinstance(value, dict):
        return {name: interpolated(one) for name, one in value.items()}
    if isinstance(value, list):
        return [interpolated(one) for one in value]
    if not isinstance(value, str):
        return value
    value = re.sub(r"\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}", lambda it: GIVEN.get(it[1], it[2] or ""), value)
    return value.replace("$$", "$")


SERVICES = interpolated(yaml.safe_load((RELEASE / "compose.yaml").read_text())["services"])


class Image:
    """The result of a stage of the Containerfile: its root folder, and how it is started."""

    def __init__(self, stage, folder):
        self.root, self.environment, self.user, self.entrypoint, self.programs = folder, {}, None, [], []
        lines = re.sub(r"\\\n\s*", "", (RELEASE / "Containerfile").read_text()).splitlines()
        stages, bases, current = {}, {}, []
        for line in lines:
            if found := re.fullmatch(r"FROM (\S+) AS (\S+)", line):
                current = stages[found[2]] = [*stages.get(found[1], [])]
                bases[found[2]] = found[1]
            elif line and not line.startswith("#"):
                current.append(line)
        for line in stages[stage]:
            word, rest = line.split(" ", 1)
            if word == "COPY":
                *sources, to = [one for one in rest.split() if not one.startswith("--")]
                if "--from=" in rest:
                    continue
                for source in sources:
                    target = folder / to.lstrip("/")
                    target = target / source.split("/")[-1] if to.endswith("/") else target
                    target.parent.mkdir(parents=True, exist_ok=True)
                    copy = shutil.copytree if (RELEASE / source).is_dir() else shutil.copy2
                    copy(RELEASE / source, target)
            elif word == "ENV":
                self.environment |= dict(one.split("=", 1) for one in shlex.split(rest))
            elif word == "USER":
                self.user = int(rest.split(":")[0])
            elif word == "WORKDIR":
                self.folder = rest
            elif word == "ENTRYPOINT":
                self.entrypoint = json.loads(rest)
        if bases[stage].startswith("postgres:"):
            # These of the image's programs are used; the system's replace them.
            self.programs = [POSTGRES / name for name in ("pg_dump", "pg_restore", "psql")]

    def command(self, service, hosts, volumes):
        """The words that start the service as its container would; it may write only to these volumes."""
        words = ["bwrap", "--die-with-parent", "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts"]
        words += ["--uid", str(self.user), "--gid", str(self.user), "--cap-drop", "ALL", "--clearenv"]
        words += ["--ro-bind", str(self.root), "/", "--proc", "/proc", "--dev", "/dev", "--ro-bind", str(hosts), "/etc/hosts"]
        for library in libraries(self.root, self.programs):
            words += ["--ro-bind", library, library]
        for source, place in service.get("files", {}).items():
            words += ["--ro-bind", str(source), place]
        for volume in service.get("volumes", []):
            name, place = volume.split(":")[:2]
            if name in volumes:
                words += ["--bind", str(volumes[name]), place]
            else:
                words += ["--ro-bind", str(CACHE if name == "functions-cache" else RELEASE / name), place]
        for place in service.get("tmpfs", []):
            words += ["--tmpfs", place]
        environment = self.environment | {name: str(value) for name, value in service.get("environment", {}).items()}
        for name, value in environment.items():
            words += ["--setenv", name, value]
        return [*words, "--chdir", self.folder, "--", *service.get("entrypoint", self.entrypoint), *service.get("command", [])]


def libraries(root, others):
    """These other programs, what they and those of an image need of the C library, and places for all in the image."""
    found = {str(program) for program in others}
    for program in [*(root / "taskboard/bin").iterdir(), *others]:
        lines = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
        found |= set(re.findall(r"(/\S+)(?= \()", lines))
    for place in [*found, "/etc/hosts"]:
        inside = root / place.lstrip("/")
        inside.parent.mkdir(parents=True, exist_ok=True)
        inside.touch()
    for place in ("proc", "dev", "tmp"):
        (root / place).mkdir(exist_ok=True)
    return sorted(found)


def eventually(what, attempt, patience=PATIENCE):
    """The result of an attempt once it no longer fails."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return attempt()
        except Exception as error:  # noqa: BLE001
            if time.monotonic() > deadline:
                raise AssertionError(f"{what}: {error!r}") from error
            time.sleep(0.05)


def ask(path, body=None, token=None, port=443, host="localhost", method=None):
    """Status and JSON (or text) of an answer, over TLS at port 443."""
    if port == 443:
        trusted = ssl.create_default_context(cafile=os.environ["AUTHORITY"])
        connection = http.client.HTTPSConnection(host, port, context=trusted, timeout=30)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=30)
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
    connection.request(method or ("POST" if body else "GET"), path, json.dumps(body) if body else None, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    return answer.status, json.loads(text) if "json" in answer.headers.get("content-type", "") else text


def check_papers():
    """The bill of materials is what CycloneDX's schema says, and the terms of each part are listed with a text."""
    read = lambda name: json.loads((SCHEMAS / f"{name}.SNAPSHOT.schema.json").read_text())  # noqa: E731
    others = ("spdx", "jsf-0.82", "cryptography-defs")
    known = referencing.Registry().with_contents((f"http://cyclonedx.org/schema/{name}.SNAPSHOT.schema.json", read(name)) for name in others)
    document = json.loads((RELEASE / "sbom.cdx.json").read_text())
    jsonschema.Draft7Validator(read("bom-1.6"), registry=known).validate(document)
    parts = {part["purl"] for part in document["components"]}
    assert len(parts) > 300 and all(any(of in part for part in parts) for of in ("cargo/wasmtime@", "npm/react@")), len(parts)
    listed = (RELEASE / "licences.txt").read_text()
    missing = [part for part in parts if f"\n{part}  " not in listed]
    assert not missing, missing
    assert "MIT License" in listed and "Apache License" in listed


def ready(port):
    status, answer = ask("/readyz", port=port)
    assert status == 200, answer


class Machine:
    """The running processes, in their own folder."""

    def __init__(self, folder):
        self.folder, self.running = folder, []

    def start(self, name, words, **more):
        log = (self.folder / f"{name}.log").open("w")
        self.running.append(subprocess.Popen(words, stdout=log, stderr=log, **more))

    def stop(self):
        while self.running:
            process = self.running.pop()
            process.kill()
            process.wait()

    def fresh(self, name):
        """A new folder that everybody may read."""
        folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.folder))
        folder.chmod(0o755)
        return folder

    def start_postgres(self, given, settings):
        """PostgreSQL as its image starts it, with this environment and these words after the program's name."""
        folder = self.fresh("postgres")
        data, password = folder / "data", folder / "password"
        data.mkdir()
        password.write_text(given["POSTGRES_PASSWORD"])
        for place in (data, password):
            shutil.chown(place, "postgres")
        # It becomes that program, so that ending it ends PostgreSQL.
        own = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]
        initdb = [POSTGRES / "initdb", "-D", data, "-U", given["POSTGRES_USER"], "--pwfile", password]
        subprocess.run([*own, *initdb, *given["POSTGRES_INITDB_ARGS"].split()], check=True, capture_output=True)
        here = ["-c", "listen_addresses=*", "-c", "unix_socket_directories=", "-c", "fsync=off"]
        self.start("postgres", [*own, POSTGRES / "postgres", "-D", data, *settings, *here])
        psql = ["psql", "-q", "-h", "127.0.0.1", "-U", given["POSTGRES_USER"], "-d", "postgres", "-c"]
        make = [*psql, f"CREATE DATABASE {given['POSTGRES_DB']}"]
        with_password = {**os.environ, "PGPASSWORD": given["POSTGRES_PASSWORD"]}
        eventually("PostgreSQL", lambda: subprocess.run(make, check=True, capture_output=True, env=with_password))

    def start_redis(self, environment, command):
        folder = str(self.fresh("redis"))
        words = [re.sub("/(data|tmp)(?=[ /])", folder, word) for word in command]
        self.start("redis", words, env={**os.environ, **environment})

    def start_both(self, words):
        """Starts functions and relay; returns how long they took to be ready."""
        started = time.monotonic()
        for name in ("functions", "relay"):
            self.start(name, words[name])
        try:
            eventually("the functions", lambda: ready(3000))
            eventually("the relay", lambda: ready(3001))
        except AssertionError:
            for name in ("functions", "relay"):
                print(f"not ok   {(self.folder / f'{name}.log').read_text()[-3_000:]}")
            raise
        return time.monotonic() - started


def passed(what):
    print(f"ok - release: {what}", flush=True)


def resolve(folder, names):
    """Resolves these names to addresses of this machine."""
    hosts = folder / "hosts"
    hosts.write_text("127.0.0.1 localhost\n" + "".join(f"{address} {name}\n" for name, address in names.items()))
    return hosts


def forward(address, port, to):
    """Forwards connections, like a Service whose pods listen on another port."""

    def pour(source, sink):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)

    def serve(listener):
        while True:
            client = listener.accept()[0]
            try:
                server = socket.create_connection(("127.0.0.1", to))
            except ConnectionRefusedError:
                # Not ready yet.
                client.close()
                continue
            for pair in ((client, server), (server, client)):
                threading.Thread(target=pour, args=pair, daemon=True).start()

    threading.Thread(target=serve, args=(socket.create_server((address, port)),), daemon=True).start()


def main():
    with tempfile.TemporaryDirectory(prefix="taskboard-") as folder:
        os.chmod(folder, 0o755)
        machine = Machine(Path(folder))
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        try:
            check_papers()
            passed("the bill of materials fits its schema, and every part in it has its terms")
            images = {stage: Image(stage, machine.folder / stage) for stage in ("functions", "relay", "backup")}
            assert all(image.user == NOBODY for image in images.values()), "an image has another user"
            use_compose(machine, images)
            machine.stop()
            use_chart(machine, images)
        finally:
            machine.stop()
    print("# pass 10\n# fail 0")
    return 0


def use_compose(machine, images):
    hosts = resolve(machine.folder, dict.fromkeys(SERVICES, "127.0.0.1"))
    subprocess.run(["mount", "--bind", hosts, "/etc/hosts"], check=True)
    machine.start_postgres(SERVICES["postgres"]["environment"], SERVICES["postgres"]["command"][1:])
    machine.start_redis(SERVICES["redis"]["environment"], SERVICES["redis"]["command"])
    volumes = {"backups": machine.folder / "backups"}
    volumes["backups"].mkdir()
    words = {name: images[SERVICES[name]["build"]["target"]].command(SERVICES[name], hosts, volumes) for name in ("migrate", "functions", "relay", "backup")}
    migrated = subprocess.run(words["migrate"], capture_output=True, text=True)
    assert migrated.returncode == 0, migrated.stderr
    passed("the migration brings an empty database to the newest schema")

    took = machine.start_both(words)
    passed(f"functions and relay run as nobody on a root that they cannot write to, ready after {took:.1f} s")
    assert took < READY or os.getloadavg()[0] > 2 * os.cpu_count(), f"ready only after {took:.1f} s"

    kept = {"XDG_DATA_HOME": str(machine.folder / "data"), "XDG_CONFIG_HOME": str(machine.folder / "config")}
    caddyfile = RELEASE / SERVICES["proxy"]["volumes"][0].split(":")[0]
    machine.start("proxy", [CADDY, "run", "--adapter", "caddyfile", "--config", caddyfile], env={**os.environ, **kept, **SERVICES["proxy"]["environment"]})
    os.environ["AUTHORITY"] = str(machine.folder / "data/caddy/pki/authorities/local/root.crt")
    status, page = eventually("the page", lambda: ask("/"))
    assert status == 200 and "<html" in page, page
    token, board = register_with_board()
    passed("over TLS there is the page, and who registers has a board")
    trusted = ssl.create_default_context(cafile=os.environ["AUTHORITY"])
    hear(http.client.HTTPSConnection("localhost", context=trusted, timeout=PATIENCE), token, board)
    passed("an event goes through functions, Redis and relay to a stream over TLS")

    machine.start("backup", words["backup"])
    backup = eventually("a backup", lambda: next(volumes["backups"].glob("*Z/manifest.json"))).parent
    path = f"/api/boards/{board}"
    status, lost = ask(f"{path}/tasks", {"title": "After the backup"}, token)
    assert status == 201, lost
    restore = SERVICES["backup"] | {"entrypoint": ["restore-backup"], "command": ["--replace", f"backups/{backup.name}"]}
    restored = subprocess.run(images["backup"].command(restore, hosts, volumes), capture_output=True, text=True)
    assert restored.returncode == 0, restored.stderr
    status, now = ask(path, token=token)
    assert status == 200 and [task["title"] for task in now["tasks"]] == ["Live"], now
    assert now["epoch"] in restored.stdout, restored.stdout
    passed("a backup is made by the clock, and restored while all of it runs")

    status, _ = ask("/internal/publish", {"board": 1}, method="POST")
    assert status in (404, 405), f"/internal is there for strangers: {status}"
    passed("what is between servers is no stranger's")


def use_chart(machine, images):
    values = yaml.safe_load((RELEASE / "chart/ci/bundled-values.yaml").read_text())
    installed = Installed(Chart(RELEASE / "chart").render(values))
    names = {service["metadata"]["name"]: f"127.0.0.{number}" for number, service in enumerate(installed.of_kind("Service"), 2)}
    hosts = resolve(machine.folder, names)
    for name, port, to in installed.ports():
        forward(names[name], port, to)

    volumes = {"backups": machine.fresh("backups")}

    def words(part, image, kind="containers"):
        pod = installed.pod(part)
        container = pod[kind][0]
        # A release's image contains compiled components.
        files = {CACHE: "/taskboard/cache"} if image == "functions" else {}
        for place, text in installed.files(pod, container).items():
            source = machine.folder / f"{part}-{place.rsplit('/', 1)[-1]}"
            source.write_text(text)
            files[source] = place
        service = {"environment": installed.environment(container), "command": container.get("args", []), "files": files}
        service |= {"entrypoint": container["command"]} if "command" in container else {}
        claimed, service["tmpfs"] = installed.storage(pod, container)
        service["volumes"] = [f"{name}:{path}" for name, path in claimed.items()]
        return images[image].command(service, hosts, volumes)

    [postgres], [redis] = (installed.pod(part)["containers"] for part in ("postgresql", "redis"))
    machine.start_postgres(installed.environment(postgres), postgres["args"])
    machine.start_redis(installed.environment(redis), [*redis["command"], *redis["args"]])
    said = []
    for part in ("relay", "functions"):
        migrated = subprocess.run(words(part, "relay", "initContainers"), capture_output=True, text=True)
        assert migrated.returncode == 0, migrated.stderr
        said.append(migrated.stdout)
    assert "applied V1 " in said[0] and "nothing to apply" in said[1], said
    took = machine.start_both({part: words(part, part) for part in ("functions", "relay")})
    for part in ("functions", "relay"):
        [container] = installed.pod(part)["containers"]
        numbers = {port["name"]: port["containerPort"] for port in container["ports"]}
        for probe in [container[f"{kind}Probe"]["httpGet"] for kind in ("readiness", "liveness", "startup")]:
            status, _ = ask(probe["path"], port=numbers[probe["port"]])
            assert status == 200, f"{part}: {probe} is {status}"
        status, _ = ask("/metrics", port=numbers["metrics"])
        assert status == 200, f"{part} has no metrics: {status}"
    passed(f"what the chart makes migrates, starts in {took:.1f} s and answers its probes")

    token, board = register_with_board(port=3000)
    hear(http.client.HTTPConnection("localhost", 3001, timeout=PATIENCE), token, board, port=3000)
    # As with `kubectl exec`: another program in the relay's container.
    *start, _ = words("relay", "relay")
    made = subprocess.run([*start, "make-admin", "ada"], capture_output=True, text=True)
    assert made.returncode == 0 and "ada is an admin now" in made.stdout, made
    passed("an event goes through what the chart makes, and a program in the relay's container makes an admin")

    for _ in range(2):
        backup = subprocess.run(words("backup", "backup"), capture_output=True, text=True)
        assert backup.returncode == 0, backup.stderr
    manifests = [json.loads(path.read_text()) for path in volumes["backups"].glob("*Z/manifest.json")]
    assert [one["counts"]["tasks"] for one in manifests] == [1, 1], manifests
    passed("the chart's backups hold what was made")


def register_with_board(port=443):
    """A new user's token, and their board."""
    person = {"username": "ada", "password": "correct horse battery"}
    status, registered = ask("/api/auth/register", person, port=port)
    assert status == 201, registered
    token = registered["token"]
    status, board = ask("/api/boards", {"name": "Plan"}, token, port=port)
    assert status == 201, board
    return token, board["id"]


def hear(stream, token, board, port=443):
    """Makes a task, and waits for its event on a stream."""
    stream.request("GET", f"/sse/boards/{board}", headers={"authorization": f"Bearer {token}"})
    events = stream.getresponse()
    assert events.status == 200, events.status
    status, task = ask(f"/api/boards/{board}/tasks", {"title": "Live"}, token, port=port)
    assert status == 201, task
    line = b""
    while b'"title":"Live"' not in line:
        line = events.readline()
        assert line, "the stream ends"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except AssertionError as error:
        print(f"not ok - release: {error}\n# pass 0\n# fail 1")
        sys.exit(1)
