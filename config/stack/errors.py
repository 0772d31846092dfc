"""What stops a start, as a sentence."""


class Refusal(Exception):
    """Steward cannot start, and why, in words the reader can act on."""
