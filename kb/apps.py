"""Knowledge, and what spans everything."""

from importlib import import_module

from django.apps import AppConfig

from governance import plugins


class KbConfig(AppConfig):
    name = "kb"

    def ready(self) -> None:
        plugins.load("kb.policies")
        plugins.load("kb.followers")
        plugins.load("kb.jobs")
        import_module("kb.actions.leaving")
        import_module("kb.attachments")
        import_module("kb.entries")
        import_module("kb.importing")
        import_module("kb.knowledge")
        import_module("kb.labels")
        import_module("kb.run_files")
        import_module("kb.search")
        import_module("kb.searching")
        import_module("kb.subjects")
        import_module("kb.weekly")
        import_module("kb.playbooks").load()
