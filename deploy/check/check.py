"""Checks the files in deploy/ against published schemas, and against the programs that it deploys.

Usage: python3 check.py KUBERNETES_VALIDATE COMPOSE_SCHEMA HADOLINT CADDY HELM, the folder of that package with the
schemas of Kubernetes, the file with the schema of compose files, those two programs, and the folder of
helm-python-sdk. `cargo xtask test install deploy` gets them and runs this. Nothing is started and nothing is built.
"""

import copy
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

KUBERNETES_VALIDATE, COMPOSE_SCHEMA_FILE, HADOLINT, CADDY, HELM = sys.argv[1:6]
sys.path[:0] = [KUBERNETES_VALIDATE, HELM]

import jsonschema  # noqa: E402
import kubernetes_validate  # noqa: E402
import yaml  # noqa: E402
from chart import Chart, below, made_from  # noqa: E402

DEPLOY = Path(__file__).resolve().parent.parent
ROOT = DEPLOY.parent
CONTAINERFILE = DEPLOY / "Containerfile"
# The oldest and newest versions of Kubernetes that the manifests are checked for.
KUBERNETES = ["1.31.0", "1.37.0"]
# Two exit by themselves if they fail, and the others' image has no shell: the proxy checks them.
WITHOUT_HEALTHCHECK = {"migrate", "backup", "functions", "relay"}


def read(path):
    """The documents of a YAML file."""
    return [document for document in yaml.safe_load_all(path.read_text()) if document]


CHART = Chart(DEPLOY / "chart")
# The chart's documents for each file of values in its folder `ci`: all of them, and the SpinApps among them.
RENDERED = {path.name: CHART.render(read(path)[0]) for path in sorted(DEPLOY.glob("chart/ci/*.yaml"))}
APPS = {name: one for name, documents in RENDERED.items() for one in documents if one["kind"] == "SpinApp"}
APP = APPS["spinkube-values.yaml"]
# All other documents, each with its source.
MANIFESTS = [(name, one) for name, documents in RENDERED.items() for one in documents if one["kind"] != "SpinApp"]
COMPOSE = read(DEPLOY / "compose.yaml")[0]
ALERTS = read(DEPLOY / "prometheus/alerts.yaml")[0]
SPIN_APP_SCHEMA = json.loads((DEPLOY / "check/spinapp.schema.json").read_text())
COMPOSE_SCHEMA = json.loads(Path(COMPOSE_SCHEMA_FILE).read_text())
VARIABLES = tomllib.loads((ROOT / "spin.toml").read_text())["variables"]
RELAY_SETTINGS = set(re.findall(r'"(RELAY_[A-Z_]+)"', (ROOT / "realtime-relay/src/settings.rs").read_text()))
HOST_SETTINGS = set(re.findall(r'env = "(LOCAL_HOST_[A-Z_]+)"', (ROOT / "local-host/src/settings.rs").read_text()))


def schema_faults(document, schema):
    found = jsonschema.validators.validator_for(schema)(schema).iter_errors(document)
    return [f"{error.json_path}: {error.message}" for error in found]


def kubernetes_faults(document):
    faults = []
    for version in KUBERNETES:
        try:
            kubernetes_validate.validate(document, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            faults.append(f"Kubernetes {version}: {error.message}")
        except kubernetes_validate.SchemaNotFoundError as error:
            faults.append(f"Kubernetes {version}: {error}")
    return faults


def environments():
    """Each container's variables: their place, and name to value (none for one from a secret)."""
    for path, document in MANIFESTS:
        for part in below(document):
            for container in part.get("containers", []) + part.get("initContainers", []):
                variables = {one["name"]: one.get("value") for one in container.get("env", [])}
                yield f"{path}, {container['name']}", variables
    for name, service in COMPOSE["services"].items():
        yield f"compose.yaml, {name}", service.get("environment", {})


def check_kubernetes():
    """every manifest is what Kubernetes 1.31 and 1.37 take, with no unknown field"""
    return [
        f"{path}, {document['kind']}: {fault}"
        for path, document in MANIFESTS
        for fault in kubernetes_faults(document)
    ]


def check_chart():
    """Helm has nothing to say of the chart, and values.schema.json and README.md know each of its values"""
    faults = [f"{path.name}: {fault}" for path in sorted(DEPLOY.glob("chart/ci/*.yaml")) for fault in CHART.faults(read(path)[0])]
    schema = json.loads((DEPLOY / "chart/values.schema.json").read_text())
    readme = (DEPLOY / "chart/README.md").read_text()

    def walk(values, known, name):
        for key, value in values.items():
            one = known.get(key)
            if one is None:
                yield f"values.schema.json does not know {name}{key}"
                continue
            one = schema["$defs"][one["$ref"].rsplit("/", 1)[-1]] if "$ref" in one else one
            if "properties" in one and key != "resources":
                yield from walk(value, one["properties"], f"{name}{key}.")
            elif f"| `{name}{key}` |" not in readme:
                yield f"chart/README.md does not table {name}{key}"

    return faults + list(walk(CHART.loaded.values, schema["properties"], ""))


def check_wrong_values():
    """a wrong value of the chart is named in the refusal, and what may hold a password is not repeated"""
    good = {"site": "board.example", "postgresql": {"bundled": True}, "redis": {"bundled": True}}
    secret = "a-secret"
    cases = [
        ({"site": ""}, "/site"),
        ({"sit": "board.example"}, "'sit'"),
        ({"functions": {"host": "native"}}, "/functions/host"),
        ({"functions": {"host": "spinkube"}}, "images.spin"),
        ({"functions": {"host": "spinkube", "environment": {"LOCAL_HOST_LOG": "info"}}, "images": {"spin": "a"}}, "functions.environment"),
        ({"relay": {"replicas": "2"}}, "/relay/replicas"),
        ({"redis": {}}, "redis: give one of"),
        ({"redis": {"bundled": True, "url": "redis://a"}}, "redis: give one of"),
        ({"redis": {"existingSecret": "a"}}, "redis.address"),
        ({"redis": {"url": f"http://:{secret}@a"}}, "redis.url"),
        ({"postgresql": {"url": f"mysql://a:{secret}@b/c"}}, "postgresql.url"),
        ({"postgresql": {"existingSecret": "a", "address": "postgresql://a"}}, "/postgresql/address"),
        ({"backup": {"schedule": "daily"}}, "/backup/schedule"),
        ({"backup": {"keep": 0}}, "/backup/keep"),
        ({"variables": {"REGISTRATION": "open"}}, "REGISTRATION"),
        ({"variables": {"a": "b"}, "secretVariables": {"a": {"secret": "b", "key": "c"}}}, "variables.a"),
    ]
    faults = []
    for wrong, named in cases:
        refusal = CHART.refusal({**good, **wrong})
        faults += [] if named in refusal else [f"{wrong} is refused without naming {named}: {refusal or 'not at all'}"]
        faults += [f"{wrong}: the refusal repeats a password"] if secret in refusal else []
    return faults


def check_kept_secrets():
    """an upgrade keeps the secrets that the first installation made, and those that somebody put beside them"""
    values = read(DEPLOY / "chart/ci/bundled-values.yaml")[0]

    def own(documents):
        return next(one for one in documents if one["kind"] == "Secret" and one["metadata"]["name"] == "taskboard")

    first, other = own(RENDERED["bundled-values.yaml"]), own(CHART.render(values))
    faults = [f"{key} is the same in two installations" for key in first["data"] if first["data"][key] == other["data"][key]]
    first = {**first, "data": {**first["data"], "jwt-secret-previous": "b2xk"}}
    kept = own(CHART.render(values, first))["data"]
    return faults + [f"an upgrade makes another {key}" for key in first["data"] if kept.get(key) != first["data"][key]]


def check_spin_app():
    """the SpinApp has only fields that its definition has (our own schema of those we use)"""
    return [f"{name}: {fault}" for name, app in APPS.items() for fault in schema_faults(app, SPIN_APP_SCHEMA)]


def check_compose():
    """compose.yaml is what the Compose specification says"""
    return schema_faults(COMPOSE, COMPOSE_SCHEMA)


def check_containerfile():
    """hadolint has nothing to say of the Containerfile"""
    done = subprocess.run([HADOLINT, CONTAINERFILE], capture_output=True, text=True)
    return (done.stdout + done.stderr).splitlines() if done.returncode else []


def check_a_fault_is_found():
    """a misspelt field, a wrong type and a missing field are found in each kind of file"""

    def broken(document, change):
        document = copy.deepcopy(document)
        change(document)
        return document

    deployment = next(document for _, document in MANIFESTS if document["kind"] == "Deployment")
    ingress = next(document for _, document in MANIFESTS if document["kind"] == "Ingress")
    cases = {
        "a misspelt field of a pod": kubernetes_faults(
            broken(deployment, lambda it: it["spec"]["template"]["spec"].update(terminationGraceSeconds=1))
        ),
        "a number that is text": kubernetes_faults(broken(deployment, lambda it: it["spec"].update(replicas="2"))),
        "an Ingress path without its type": kubernetes_faults(
            broken(ingress, lambda it: it["spec"]["rules"][0]["http"]["paths"][0].pop("pathType"))
        ),
        "a misspelt field of a SpinApp": schema_faults(
            broken(APP, lambda it: it["spec"].update(replica=2)), SPIN_APP_SCHEMA
        ),
        "a variable with two values": schema_faults(
            broken(APP, lambda it: it["spec"]["variables"][0].update(valueFrom={"secretKeyRef": {"name": "a", "key": "b"}})),
            SPIN_APP_SCHEMA,
        ),
        "a misspelt field of a service": schema_faults(
            broken(COMPOSE, lambda it: it["services"]["relay"].update(healtcheck={})), COMPOSE_SCHEMA
        ),
    }
    stateful = next(document for _, document in MANIFESTS if document["kind"] == "StatefulSet")
    careless = broken(stateful["spec"]["template"]["spec"], lambda it: it["containers"][0].pop("securityContext"))
    cases["a container with all its rights"] = pod_faults(careless)
    rule = ALERTS["groups"][0]["rules"][0]
    cases["a misspelt field of an alert"] = alert_faults({"groups": [{"name": "a", "rules": [{**rule, "fro": "1m"}]}]})
    cases["an alert without its last bracket"] = alert_faults({"groups": [{"name": "a", "rules": [{**rule, "expr": "min(a"}]}]})
    bad = "FROM debian\nRUN cd /x && apt-get install curl\n"
    cases["a careless Containerfile"] = subprocess.run([HADOLINT, "-"], input=bad, capture_output=True, text=True).returncode
    return [f"{name} is not found" for name, faults in cases.items() if not faults]


def check_variables_of_the_app():
    """the SpinApp gives the variables of spin.toml: no other, all required ones, secrets from a Secret"""
    given = {variable["name"]: variable for variable in APP["spec"]["variables"]}
    needed = {name for name, variable in VARIABLES.items() if variable.get("required")}
    needed |= {"database_url", "database_host", "redis_url", "redis_host"}
    faults = [f"{name} is no variable of spin.toml" for name in given.keys() - VARIABLES.keys()]
    faults += [f"{name} is missing" for name in needed - given.keys()]
    for name in given.keys() & VARIABLES.keys():
        if VARIABLES[name].get("secret") and "valueFrom" not in given[name]:
            faults.append(f"{name} is a secret in plain text")
    return faults


def check_settings():
    """every variable that a container is given is one that its program reads"""
    faults = []
    for place, variables in environments():
        for name in variables:
            spin = re.fullmatch(r"SPIN_VARIABLE_(\w+)", name)
            if spin and spin[1].lower() not in VARIABLES:
                faults.append(f"{place}: spin.toml has no variable of {name}")
            if name.startswith("RELAY_") and name not in RELAY_SETTINGS:
                faults.append(f"{place}: the relay has no setting {name}")
            if name.startswith("LOCAL_HOST_") and name not in HOST_SETTINGS:
                faults.append(f"{place}: local-host has no setting {name}")
    for name in re.findall(r"\bRELAY_[A-Z_]+(?==)", CONTAINERFILE.read_text()):
        if name not in RELAY_SETTINGS:
            faults.append(f"{CONTAINERFILE.name}: the relay has no setting {name}")
    return faults


def check_choices():
    """compose.yaml hands the functions every variable, and what compose.env leaves out is as spin.toml has it"""
    # Its proxy has TLS; it has no collector of traces.
    fixed = {"cookie_secure", "trace_ratio"}
    given = COMPOSE["services"]["functions"]["environment"]
    faults = [
        f"compose.yaml, functions: SPIN_VARIABLE_{name.upper()} is not handed on"
        for name in VARIABLES.keys() - fixed
        if f"SPIN_VARIABLE_{name.upper()}" not in given
    ]
    for name, variable in VARIABLES.items():
        full = f"SPIN_VARIABLE_{name.upper()}"
        choice = re.fullmatch(rf"\$\{{{full}:-([^}}]*)\}}", given.get(full, ""))
        if choice and choice[1] != variable.get("default"):
            faults.append(f"compose.yaml, functions: {full} is {choice[1]}, and in spin.toml {variable.get('default')}")
    return faults


def check_secrets():
    """no file contains a secret, and the README says how each is made"""
    faults = []
    for place, variables in environments():
        for name, value in variables.items():
            if re.search("SECRET|PASSWORD|_URL$", name) and isinstance(value, str):
                value = re.sub(r"\$\{\w+(:\?[^}]*|:-)\}", "", value)
                # The number of concurrent hashes is not a secret.
                if re.search("SECRET|PASSWORD(?!_HASHES)", name) and value or re.search(r"://[^@/]*:[^@/]+@", value):
                    faults.append(f"{place}: {name} is in plain text")
    for name, documents in RENDERED.items():
        made = {(one["metadata"]["name"], key) for one in documents if one["kind"] == "Secret" for key in {**one.get("data", {}), **one.get("stringData", {})}}
        given = (DEPLOY / "chart/ci" / name).read_text()
        for reference in [part["secretKeyRef"] for part in below(documents) if "secretKeyRef" in part]:
            theirs = re.search(rf"[: ]{reference['name']}\b", given)
            if (reference["name"], reference["key"]) not in made and not theirs and not reference.get("optional"):
                faults.append(f"{name}: nobody makes {reference['key']} of the Secret {reference['name']}")
    release = (DEPLOY / "release.md").read_text()
    for name in re.findall(r"\$\{(\w+):\?", (DEPLOY / "compose.yaml").read_text()):
        if name not in release:
            faults.append(f"release.md does not say how {name} is made")
    return faults


def check_services():
    """what one part calls another by is the name and the port of a Service of the chart"""
    faults = []
    for name, documents in RENDERED.items():
        # SpinKube creates one with the SpinApp's name.
        services = {(one["metadata"]["name"], 80) for one in documents if one["kind"] == "SpinApp"}
        named = {}
        for one in [one for one in documents if one["kind"] == "Service"]:
            for port in one["spec"]["ports"]:
                services.add((one["metadata"]["name"], port["port"]))
                named[one["metadata"]["name"], port["name"]] = port["port"]
        asked = []
        for part in below(documents):
            if isinstance(part.get("service"), dict):
                service, port = part["service"]["name"], part["service"]["port"]
                asked.append((service, port.get("number") or named.get((service, port["name"]))))
            # Names with a dot are outside the cluster.
            if found := re.fullmatch(r"(?:http|postgres|redis)://([a-z-]+)(?::(\d+))?", str(part.get("value"))):
                asked.append((found[1], int(found[2] or 80)))
        faults += [f"{name}: there is no Service {service} with port {port}" for service, port in asked if (service, port) not in services]
    return faults


def check_connections():
    """PostgreSQL takes all the connections that the functions' pools, relays and migration may make"""
    components = tomllib.loads((ROOT / "spin.toml").read_text())["component"].values()
    pools = sum("{{ database_host }}" in one.get("allowed_outbound_hosts", []) for one in components)
    # A relay has one connection, the migration another, and 3 are reserved for superusers.
    spins = RENDERED["spinkube-values.yaml"]
    relays = next(one["spec"]["replicas"] for one in spins if one["kind"] == "Deployment")
    texts = [(DEPLOY / path).read_text() for path in ("compose.yaml", "chart/templates/stores.yaml")]
    offered = [int(most) for text in texts for most in re.findall(r"max_connections=(\d+)", text)]
    with_spinkube = next(one["stringData"]["runtime-config.toml"] for one in spins if "stringData" in one)
    readme = (DEPLOY / "README.md").read_text()
    faults = []
    for name, text, hosts in (
        ("runtime-config.toml", (ROOT / "runtime-config.toml").read_text(), 1),
        ("the chart with SpinKube", with_spinkube, APP["spec"]["replicas"]),
    ):
        each = tomllib.loads(text)["outbound_pg"]["max_connections"]
        needed = pools * each * hosts + relays + 1 + 3
        faults += [f"{name}: {needed} connections are needed, {most} offered" for most in offered if needed > most]
        sum_in_readme = rf"{name}: +{pools} × +{each} × {hosts} +\+ +{relays} +\+ +1 +\+ +3 += +{needed} "
        faults += [] if re.search(sum_in_readme, readme) else [f"README.md does not have the sum for {name}: {needed}"]
    return faults


def check_bodies():
    """the ingress and the proxies let the largest import through to the functions"""
    source = (ROOT / "shared/src/import/mod.rs").read_text()
    largest = math.prod(map(int, re.search(r"MAX_BYTES: usize = ([\d *]+);", source)[1].split("*")))
    sizes = [
        document["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-body-size"]
        for _, document in MANIFESTS
        if document["metadata"]["name"] == "taskboard-functions" and document["kind"] == "Ingress"
    ]
    mebibytes = [int(size.removesuffix("m")) for size in sizes]
    mebibytes += map(int, re.findall(r"max_size (\d+)MiB", (DEPLOY / "proxy/Caddyfile").read_text()))
    mebibytes += map(int, re.findall(r"client_max_body_size (\d+)m", (DEPLOY / "proxy/nginx.conf").read_text()))
    mebibytes += [int(size) / 2**20 for size in re.findall(r"content-length\) gt (\d+)", (DEPLOY / "proxy/haproxy.cfg").read_text())]
    faults = [] if len(mebibytes) == len(RENDERED) + 3 else ["a file has no limit for bodies"]
    return faults + [f"{size} MiB is less than an import may have" for size in mebibytes if size * 2**20 <= largest]


def check_pods():
    """every pod runs as nobody or drops its rights, and every selector finds its pods"""
    faults = []
    for path, document in MANIFESTS:
        template = made_from(document)
        if not template:
            continue
        name, labels = document["metadata"]["name"], template["metadata"]["labels"]
        wanted = document["spec"].get("selector", {}).get("matchLabels", {})
        if not wanted.items() <= labels.items():
            faults.append(f"{path}: the selector of {name} finds nothing")
        faults += [f"{path}: {name} {fault}" for fault in pod_faults(template["spec"])]
    return faults


def pod_faults(pod):
    """What a pod may do that none of ours needs."""
    faults = []
    if pod.get("automountServiceAccountToken") is not False:
        faults.append("is given a token of the cluster")
    if not pod["securityContext"].get("runAsNonRoot"):
        faults.append("may run as root")
    if pod["securityContext"].get("seccompProfile", {}).get("type") != "RuntimeDefault":
        faults.append("may make any system call")
    for container in pod["containers"] + pod.get("initContainers", []):
        rights = container.get("securityContext", {})
        if rights.get("allowPrivilegeEscalation") is not False:
            faults.append("may gain rights")
        if rights.get("readOnlyRootFilesystem") is not True:
            faults.append("may write to its image")
        if rights.get("capabilities") != {"drop": ["ALL"]}:
            faults.append("keeps capabilities")
        if not container["resources"].get("limits", {}).get("memory"):
            faults.append("may take all memory")
    return faults


def check_compose_rights():
    """every compose service drops its rights and writes only to its volumes"""
    faults = []
    for name, service in COMPOSE["services"].items():
        wanted = {"read_only": True, "cap_drop": ["ALL"], "security_opt": ["no-new-privileges:true"]}
        faults += [f"{name} lacks {key}" for key, value in wanted.items() if service.get(key) != value]
    return faults


def check_network_policies():
    """each pod has a policy for both directions, and talks to and hears those only who need it"""
    return [f"{name}: {fault}" for name, documents in RENDERED.items() for fault in policy_faults(documents)]


def policy_faults(documents):
    """What is wrong with the policies of what the chart made."""
    pods, ports = {}, {}
    for document in documents:
        name = document["metadata"]["name"]
        if document["kind"] == "SpinApp":
            pods[name], ports[name] = document["spec"]["podLabels"], {80}
        elif template := made_from(document):
            pods[name], ports[name] = template["metadata"]["labels"], set()
            for port in [port for part in below(template) for port in part.get("ports", [])]:
                ports[name] |= {port["name"], port["containerPort"]}
    policies = {it["metadata"]["name"]: it["spec"] for it in documents if it["kind"] == "NetworkPolicy"}
    faults = [f"{name} has no policy" for name in pods.keys() - policies.keys()]
    faults += [f"the policy {name} is no pod's" for name in policies.keys() - pods.keys()]
    talks = {"egress": set(), "ingress": set()}
    for name in pods.keys() & policies.keys():
        policy = policies[name]
        selector = policy["podSelector"].get("matchLabels")
        if not selector or not selector.items() <= pods[name].items():
            faults.append(f"the policy {name} does not find its pods")
        if sorted(policy["policyTypes"]) != ["Egress", "Ingress"]:
            faults.append(f"{name} may do as it likes in one direction")
        for direction, peers in [("ingress", "from"), ("egress", "to")]:
            for rule in policy.get(direction) or []:
                if not rule.get(peers) or not rule.get("ports"):
                    faults.append(f"{name}: {direction} with everybody, or at every port")
                    continue
                found = {peer for one in rule[peers] for peer in pods if selects(one, pods[peer])}
                talks[direction] |= {(peer, name) if direction == "ingress" else (name, peer) for peer in found}
                for other in [name] if direction == "ingress" else found:
                    wrong = {port["port"] for port in rule["ports"]} - ports[other]
                    faults += [f"{name}: {other} does not listen at {port}" for port in wrong]
    for speaker, hearer in talks["egress"] ^ talks["ingress"]:
        faults.append(f"only one of {speaker} and {hearer} lets the first talk to the second")
    return faults


def selects(peer, labels):
    """Whether a peer of a policy is a pod with these labels in the policy's own namespace."""
    selector = peer.get("podSelector")
    if "namespaceSelector" in peer or selector is None:
        return False
    return selector.get("matchLabels", {}).items() <= labels.items()


def alert_faults(document):
    """What is wrong with a file of alert rules, as far as can be told without Prometheus."""
    faults = []
    for group in document["groups"]:
        faults += [f"a group has {key}" for key in group.keys() ^ {"name", "rules"}]
        for rule in group["rules"]:
            name = rule.get("alert", "a rule")
            faults += [f"{name}: {key}" for key in rule.keys() ^ {"alert", "expr", "for", "labels", "annotations"}]
            if not re.fullmatch(r"\d+[smh]", str(rule.get("for"))):
                faults.append(f"{name}: for {rule.get('for')}")
            expression = re.sub(r'"[^"]*"', "", rule.get("expr", ""))
            if any(expression.count(pair[0]) != expression.count(pair[1]) for pair in ("()", "[]", "{}")):
                faults.append(f"{name}: brackets do not match")
            faults += [f"{name}: no {key}" for key in [("labels", "severity"), ("annotations", "summary")] if key[1] not in rule.get(key[0], {})]
    return faults


def check_alerts():
    """alert rules have the fields of Prometheus's rule files and are in docs/operations.md as well"""
    page = (ROOT / "docs/operations.md").read_text()
    faults = alert_faults(ALERTS)
    for rule in [rule for group in ALERTS["groups"] for rule in group["rules"]]:
        if f"`{rule['expr']}` for {rule['for'].replace('m', ' min')} " not in page:
            faults.append(f"docs/operations.md does not have {rule['alert']} as it is")
    return faults


def check_scraping():
    """what pods tell Prometheus is a port that they listen at, and one that no Service leads to"""
    faults = []
    led_to = {
        port["targetPort"]
        for _, document in MANIFESTS
        if document["kind"] == "Service"
        for port in document["spec"]["ports"]
    }
    if "metrics" in led_to:
        faults.append("a Service leads to /metrics")
    for path, document in MANIFESTS:
        template = made_from(document) or {}
        port = template.get("metadata", {}).get("annotations", {}).get("prometheus.io/port")
        ports = {str(one["containerPort"]) for part in below(template) for one in part.get("ports", [])}
        if port and port not in ports:
            faults.append(f"{path}: nothing listens at {port}")
        listen = {
            one.get("value", "").rsplit(":", 1)[-1]
            for part in below(template)
            for one in part.get("env", [])
            if one["name"].endswith("_METRICS_LISTEN")
        }
        if port and port not in listen:
            faults.append(f"{path}: no variable has it listen at {port}")
    return faults


def check_draining():
    """the relay is given the time that it drains for"""
    faults = []
    for path, document in MANIFESTS:
        for part in below(document):
            for container in part.get("containers", []):
                drain = next((one["value"] for one in container.get("env", []) if one["name"] == "RELAY_DRAIN_MS"), 0)
                leaves = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
                if int(drain) / 1_000 + leaves + 5 > part.get("terminationGracePeriodSeconds", 30):
                    faults.append(f"{path}: {container['name']} drains longer than it may live")
    return faults


def check_compose_services():
    """compose services listen at the loopback address only and say whether they are well"""
    faults = []
    for name, service in COMPOSE["services"].items():
        # If the proxy accepts others' connections, somebody has configured that.
        here = ("127.0.0.1:", "${ADDRESS:-127.0.0.1}:") if name == "proxy" else "127.0.0.1:"
        faults += [f"{name} listens at {port}" for port in service.get("ports", []) if not port.startswith(here)]
        if "healthcheck" not in service and name not in WITHOUT_HEALTHCHECK:
            faults.append(f"{name} has no healthcheck")
    return faults


def check_proxies():
    """Caddy, nginx and HAProxy take the files in proxy/ with a certificate, and none cuts before three heartbeats"""
    faults = []
    heartbeat = re.search(r'"RELAY_HEARTBEAT_MS", default_value_t = ([\d_]+)', (ROOT / "realtime-relay/src/settings.rs").read_text())
    texts = {name: (DEPLOY / "proxy" / name).read_text() for name in ("Caddyfile", "nginx.conf", "haproxy.cfg")}
    silences = [r"proxy_(?:read|send)_timeout (\d+)s", r"timeout (?:client|server|tunnel) (\d+)s"]
    for name, text in texts.items():
        found = [int(seconds) for pattern in silences for seconds in re.findall(pattern, text)]
        if any(seconds * 1_000 < 3 * int(heartbeat[1]) for seconds in found) or not found and name != "Caddyfile":
            faults.append(f"{name} cuts before three heartbeats")
    with tempfile.TemporaryDirectory() as folder:
        key, certificate, both = (f"{folder}/{name}" for name in ("key.pem", "certificate.pem", "both.pem"))
        made = ["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=board.example", "-keyout", key, "-out", certificate]
        subprocess.run(made, check=True, capture_output=True)
        Path(both).write_text(Path(certificate).read_text() + Path(key).read_text())
        nginx = texts["nginx.conf"].replace("/etc/ssl/board.example.pem", certificate).replace("/etc/ssl/board.example.key", key)
        # nginx opens its ports even when it only checks a file.
        nginx = re.sub(r"listen (\d+)", rf"listen unix:{folder}/\1", nginx)
        temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        files = {
            "Caddyfile": texts["Caddyfile"],
            "nginx.conf": f"pid {folder}/pid; error_log stderr; events {{}} http {{ access_log off; {temporary} {nginx} }}",
            "haproxy.cfg": texts["haproxy.cfg"].replace("/etc/haproxy/board.example.pem", both),
        }
        for name, text in files.items():
            Path(folder, name).write_text(text)
        path = f"{os.environ['PATH']}:/usr/sbin"
        commands = {
            "Caddyfile": [CADDY, "validate", "--adapter", "caddyfile", "--config", f"{folder}/Caddyfile"],
            "nginx.conf": [shutil.which("nginx", path=path), "-t", "-q", "-c", f"{folder}/nginx.conf"],
            "haproxy.cfg": [shutil.which("haproxy", path=path), "-c", "-q", "-f", f"{folder}/haproxy.cfg"],
        }
        for name, command in commands.items():
            environment = {**os.environ, "HOME": folder, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder}
            done = subprocess.run(command, capture_output=True, text=True, env=environment)
            if done.returncode:
                faults += [f"{name}: {line}" for line in (done.stdout + done.stderr).splitlines()[-5:]]
    return faults


def check_images():
    """no image has a compiler, each runs as nobody, and all that it starts is in it and in a release"""
    text = CONTAINERFILE.read_text()
    stages = dict(re.findall(r"^FROM (\S+) AS (\S+)$", text, re.MULTILINE))
    others = [stage for stage in stages if stage != "base"]
    faults = [f"it is made from {stage}" for stage in others if not re.search("/distroless/|^postgres:", stage)]
    if len(re.findall(r"^USER [1-9]\d*(?::[1-9]\d*)?$", text, re.MULTILINE)) != len(others):
        faults.append("one runs as root, or as a name that Kubernetes cannot prove not to be root")
    programs = {path.stem for path in ROOT.glob("migrations/src/bin/*.rs")} | {"migrate", "realtime-relay", "local-host"}
    release = (ROOT / "xtask/src/commands/release/mod.rs").read_text()
    for program in programs:
        faults += [] if f"bin/{program}" in text else [f"{program} is in no image"]
        faults += [] if f'"{program}"' in release else [f"{program} is in no release"]
    version = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]
    chart = CHART.loaded.metadata
    faults += [f"the chart's {key} is not {version}" for key in ("version", "appVersion") if chart[key] != version]
    for service in COMPOSE["services"].values():
        if "build" in service and not service["image"].endswith(f":{version}"):
            faults.append(f"{service['image']} is not {version}")
    return faults


def main():
    checks = [check for name, check in globals().items() if name.startswith("check_")]
    failed = 0
    for check in checks:
        faults = check()
        failed += bool(faults)
        print(f"{'not ok' if faults else 'ok'} - deploy: {check.__doc__}")
        for fault in faults:
            print(f"not ok   {fault}")
    print(f"# pass {len(checks) - failed}\n# fail {failed}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
