#!/usr/bin/env python
"""Django's command line."""

import os
import sys


def main() -> None:
    if sys.argv[1:2] == [
        "scan"
    ]:  # needs no settings: no secret, no database, nothing is made in STEWARD_HOME
        from registry.scanning import main as scan

        sys.exit(scan(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
