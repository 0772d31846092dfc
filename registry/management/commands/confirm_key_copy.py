"""Say that a copy of the master key lies elsewhere: the same as the button on the page System."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from governance.errors import Problem
from governance.models import User
from registry.actions import keeping
from registry.actions.keeping import MasterKeyFile


class Command(BaseCommand):
    help = "Put on the record that an administrator has a copy of the master key elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="USERNAME", help="the administrator who says so")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        person = User.objects.filter(username=username).first()
        if person is None:
            raise CommandError(f"There is no user {username}.")
        try:
            keeping.confirm_copy(MasterKeyFile(), by=person)
        except Problem as problem:
            raise CommandError(problem.sentence) from None
        self.stdout.write("It is on the record that a copy of the master key lies elsewhere.")
