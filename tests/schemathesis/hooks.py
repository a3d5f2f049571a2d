"""Makes requests right that the description alone cannot tell to be wrong."""

import itertools

import schemathesis
from schemathesis.generation import GenerationMode

_numbers = itertools.count(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Changes a request that is meant to be accepted, just before it is sent."""
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    # A key belongs to one request, but generated values are repeated.
    key = (case.headers or {}).get("Idempotency-Key")
    if key is not None:
        case.headers["Idempotency-Key"] = f"{next(_numbers)}.{key}"[:255]
    # The empty text is tried as a header although its pattern does not match it.
    for name in ("If-Match", "If-None-Match"):
        if (case.headers or {}).get(name) == "":
            del case.headers[name]
    # A cursor is opaque: the list never returned a generated one.
    if case.query:
        case.query.pop("cursor", None)
