"""What schemathesis is told of the interface beyond its description."""

import re
import uuid

import schemathesis

bare = re.compile(r"[!#-~][!-~]{0,254}")
quoted = re.compile(r'"(?:[!#-\[\]-~]|\\["\\]){1,255}"')


def unique(key):
    """A key of the same form that no other request has."""
    prefix = f"{uuid.uuid4()}-"
    if bare.fullmatch(key):
        return (prefix + key)[:255]
    if quoted.fullmatch(key):
        # A long one is not cut, but left out: the cut might split an escape.
        return f'"{prefix}{key[1:]}' if len(key) < 200 else f'"{prefix}"'
    return key


@schemathesis.hook
def before_call(context, case, kwargs):
    """Gives each write a key of its own: one that stands for another write is refused, rightly."""
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str):
        case.headers["Idempotency-Key"] = unique(key)
