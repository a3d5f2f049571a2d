"""Renders the chart in deploy/ with Helm's own library, as `helm install` would."""

import base64
import contextlib
import http.server
import json
import threading

import helm_python
import yaml

RELEASE = "taskboard"
NAMESPACE = "default"


def below(value):
    """Every mapping in a document, however deep."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from below(inner)


def made_from(document):
    """The pod template of a document that creates pods."""
    return document.get("spec", {}).get("jobTemplate", document).get("spec", {}).get("template")


class Chart:
    """A chart's folder."""

    def __init__(self, folder):
        self.folder = folder
        self.loaded = helm_python.Chart.load(folder)

    def render(self, values, secret=None):
        """The documents of an installation with these values; Helm's error if it refuses them.
        With a Secret: those of an upgrade in a cluster that already has it."""
        self.loaded.validate_schema(values)
        if secret is None:
            texts = self.loaded.render(values, name=RELEASE, namespace=NAMESPACE)
        else:
            with stub_of_a_cluster(secret) as url, helm_python.Config(kube_apiserver=url, namespace=NAMESPACE) as cluster:
                texts = cluster.render(self.loaded, values, name=RELEASE, namespace=NAMESPACE, is_upgrade=True)
        notes = [text for name, text in texts.items() if name.endswith("/NOTES.txt")]
        assert notes and all("<no value>" not in text for text in texts.values()), "a text has a value that there is not"
        manifests = [text for name, text in sorted(texts.items()) if name.endswith(".yaml")]
        return [document for text in manifests for document in yaml.safe_load_all(text) if document]

    def faults(self, values):
        """What `helm lint --strict` finds."""
        report = helm_python.lint(self.folder, values, strict=True)
        # 1 is information: that an icon is recommended.
        return [f"{one['path']}: {one['error']}" for one in report["messages"] if one["severity"] > 1] + report["errors"]

    def refusal(self, values):
        """Why values are refused, or nothing."""
        try:
            self.render(values)
        except helm_python.HelmError as error:
            return str(error)
        return ""


class Installed:
    """The result of an installation, as a cluster sees it."""

    def __init__(self, documents):
        self.documents = documents
        self.secrets = {}
        for secret in self.of_kind("Secret"):
            data = {key: base64.b64decode(value).decode() for key, value in secret.get("data", {}).items()}
            self.secrets[secret["metadata"]["name"]] = data | secret.get("stringData", {})

    def of_kind(self, kind):
        return [one for one in self.documents if one["kind"] == kind]

    def pod(self, part):
        """The specification of a part's pods."""
        named = f"{RELEASE}-{part}"
        return next(made_from(one)["spec"] for one in self.documents if one["metadata"]["name"] == named and made_from(one))

    def environment(self, container):
        """A container's variables, with values from Secrets."""
        found = {}
        for one in container.get("env", []):
            reference = one.get("valueFrom", {}).get("secretKeyRef")
            value = self.secrets.get(reference["name"], {}).get(reference["key"]) if reference else one["value"]
            assert value is not None or reference.get("optional"), f"nobody gives {one['name']}"
            found |= {} if value is None else {one["name"]: value}
        return found

    def files(self, pod, container):
        """A container's mounted Secrets: the path and the text of each."""
        secrets = {one["name"]: one["secret"]["secretName"] for one in pod.get("volumes") or [] if "secret" in one}
        mounts = [one for one in container.get("volumeMounts") or [] if one["name"] in secrets]
        return {one["mountPath"]: self.secrets[secrets[one["name"]]][one["subPath"]] for one in mounts}

    def storage(self, pod, container):
        """Where a container may write: the paths of claimed volumes, by their names, and those that are empty at first."""
        kinds = {one["name"]: one for one in pod.get("volumes") or []}
        mounts = [(one["name"], one["mountPath"]) for one in container.get("volumeMounts") or []]
        claimed = {name: path for name, path in mounts if "persistentVolumeClaim" in kinds[name]}
        return claimed, [path for name, path in mounts if "emptyDir" in kinds[name]]

    def ports(self):
        """The ports at which Services listen that their pods do not: the Service's name, its port, and the pods'."""
        for service in self.of_kind("Service"):
            part = service["metadata"]["name"].removeprefix(f"{RELEASE}-")
            numbers = {port["name"]: port["containerPort"] for one in self.pod(part)["containers"] for port in one["ports"]}
            for port in service["spec"]["ports"]:
                if numbers[port["targetPort"]] != port["port"]:
                    yield service["metadata"]["name"], port["port"], numbers[port["targetPort"]]


@contextlib.contextmanager
def stub_of_a_cluster(secret):
    """The address of a server that answers Helm's `lookup` like the API of a cluster that has only this Secret."""
    kinds = [{"name": "secrets", "kind": "Secret", "namespaced": True, "verbs": ["get", "list"]}]
    answers = {
        "/api": {"kind": "APIVersions", "versions": ["v1"]},
        "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": []},
        "/api/v1": {"kind": "APIResourceList", "groupVersion": "v1", "resources": kinds},
        f"/api/v1/namespaces/{NAMESPACE}/secrets/{secret['metadata']['name']}": secret,
    }

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            answer = answers.get(self.path.split("?")[0])
            self.send_response(200 if answer else 404)
            self.send_header("content-type", "application/json")
            self.end_headers()
            missing = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}
            self.wfile.write(json.dumps(answer or missing).encode())

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
