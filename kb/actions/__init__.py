"""What can happen to knowledge and to the demo: every write of this app."""

from kb.actions.demo import load_demo, put_away

__all__ = ["load_demo", "put_away"]
