"""Load what plugs into this app."""

from importlib import import_module

from django.apps import AppConfig

from governance import plugins


class GovernanceConfig(AppConfig):
    name = "governance"

    def ready(self) -> None:
        plugins.load("governance.policies")
        plugins.load("governance.listening")
        plugins.load("governance.jobs")
        import_module("governance.inviting")
        import_module("governance.labels")
        import_module("governance.moving")
        import_module("governance.proposing")
        import_module("governance.resetting")
        import_module("governance.searching_people")
