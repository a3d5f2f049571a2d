#!/usr/bin/env bash
# Whether the JSON schemas in cyclonedx-python-lib find each other by their `$id`s.
#
# Guess:    a package's schemas of one format refer to each other by their own ids, so a registry of them by
#           `$id` is enough to check an SBOM without a network.
# Happens:  each has the id http://cyclonedx.org/schema/NAME.schema.json, but refers to the others as
#           NAME.SNAPSHOT.schema.json, which is the name of the file and no `$id`. An SBOM that names no
#           licence by its SPDX id passes, because the reference is never followed; the first that does is
#           neither valid nor invalid, but an error of resolution. They must be registered by the name in
#           the reference.
# Versions: cyclonedx-python-lib 11.12.0, jsonschema 4.26.0, referencing 0.37.0 (PyPI), CycloneDX 1.6.
# Source:   cyclonedx/schema/_res/README.md of the package: changes 2 and 3 replace the references; it does
#           not mention the `$id`s, which stayed as they were.
# Seen:     by $id, no licence: valid   by $id, SPDX licence: unresolvable   by reference: valid
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/support/servers.bash"

python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --no-input cyclonedx-python-lib==11.12.0 jsonschema==4.26.0 referencing==0.37.0

cat >"$folder/probe.py" <<'PYTHON'
import importlib.resources
import json

import jsonschema
import referencing
import referencing.exceptions

files = importlib.resources.files("cyclonedx.schema._res")
read = lambda name: json.loads((files / f"{name}.SNAPSHOT.schema.json").read_text())
schema = read("bom-1.6")
others = {name: read(name) for name in ("spdx", "jsf-0.82")}
by_id = referencing.Registry().with_contents((one["$id"], one) for one in others.values())
root = "http://cyclonedx.org/schema"
by_reference = referencing.Registry().with_contents((f"{root}/{name}.SNAPSHOT.schema.json", one) for name, one in others.items())
plain = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": [{"type": "library", "name": "example"}]}
licensed = {**plain, "components": [{**plain["components"][0], "licenses": [{"license": {"id": "Apache-2.0"}}]}]}


def outcome(registry, document):
    validator = jsonschema.Draft7Validator(schema, registry=registry)
    try:
        return "valid" if validator.is_valid(document) else "invalid"
    except referencing.exceptions.Unresolvable:
        return "unresolvable"
    except Exception as error:  # jsonschema wraps it under a name of its own
        return "unresolvable" if "Unresolvable" in repr(error) or "WrappedReferencing" in type(error).__name__ else repr(error)


print(f"by $id, no licence: {outcome(by_id, plain)}", f"by $id, SPDX licence: {outcome(by_id, licensed)}", f"by reference: {outcome(by_reference, licensed)}", sep="   ")
PYTHON
expect 1.6 "$("$folder/venv/bin/python" "$folder/probe.py")" 'by $id, no licence: valid   by $id, SPDX licence: unresolvable   by reference: valid'
