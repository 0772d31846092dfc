"""Knowledge, and what spans everything."""

from importlib import import_module

from django.apps import AppConfig


class KbConfig(AppConfig):
    name = "kb"

    def ready(self) -> None:
        import_module("kb.entries")
