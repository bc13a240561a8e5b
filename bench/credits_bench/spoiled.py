"""The one error that a round survives."""


class Spoiled(Exception):
    """What was measured does not count; the message says why, and the round is repeated."""
