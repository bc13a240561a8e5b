"""The one error that leaves a peer out."""


class Missing(Exception):
    """Something cannot be run here; the message says what to do about it."""
