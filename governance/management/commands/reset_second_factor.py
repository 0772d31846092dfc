"""Take a lost second factor away: for the last administrator, whom nobody else can help."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance import actions
from governance.errors import Problem
from governance.models import User


class Command(BaseCommand):
    help = "Take every second factor of USERNAME away; the password alone opens the account again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is nobody called {username}.")
        try:
            actions.reset_factors(user, by=User.system())
        except Problem as problem:
            raise CommandError(problem.sentence) from problem
        self.stdout.write(f"The password of {username} is enough to sign in again.")
