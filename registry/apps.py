"""Load what plugs into this app. A check, policy or job that cannot be imported stops the server."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings

from governance import glossary, plugins
from registry import checks, quality, sandbox


class RegistryConfig(AppConfig):
    name = "registry"

    def ready(self) -> None:
        checks.load()
        sandbox.ask_for(settings.SANDBOX)
        quality.load_all()
        runs = [check.run for check in checks.CHECKS.values()]
        judges = [check.run for check in quality.QUALITY.values()]
        glossary.add_files("check", "Checks", [*runs, *judges])
        glossary.add("mark", "Other marks", import_module("registry.signing.standing").MEANINGS)
        plugins.load("registry.policies")
        plugins.load("registry.jobs")
        import_module("registry.subjects")
        import_module("registry.actions.leaving")
        import_module("registry.health")
        import_module("registry.metrics")
        import_module("registry.proposing")
        import_module("registry.search")
