"""Make a token and print it alone, for scripts: `.venv/bin/python manage.py token USERNAME`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from governance import actions
from governance.errors import Problem
from governance.models import User


class Command(BaseCommand):
    help = "Make a token of full scope for somebody and print it. It is shown this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="command line")
        parser.add_argument("--days", type=int, default=settings.TOKEN_DAYS)

    def handle(self, *, username: str, name: str, days: int, **_: Any) -> None:
        user = User.objects.filter(username__iexact=username, is_active=True).first()
        if user is None:
            raise CommandError(f"There is nobody called {username} with an active account.")
        try:
            _token, text = actions.add_token(user, name=name, days=days, by=user.answered_by or user)
        except Problem as problem:
            raise CommandError(problem.sentence) from problem
        self.stdout.write(text)
