"""Before anything is served: the newest tables, a first administrator, a place and a key for
blobs, the static files as they are sent. One process, as starting Django costs a second of every start.
"""

import os

import django
from django.conf import settings
from django.core.management import call_command


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    collect = {"clear": True, "ignore_patterns": settings.STATIC_UNUSED}
    call_command("collectstatic", interactive=False, verbosity=0, **collect)
    call_command("make_store")
    call_command("ensure_admin")
    call_command("send_canaries")


if __name__ == "__main__":
    main()
