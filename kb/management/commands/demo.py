"""Fill this home with the demo, once: `script/server --demo` runs it when everything is ready."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from governance.errors import Problem
from governance.models import User
from kb.demo import guests, loading

try:
    from kb.demo import story
except ImportError as error:
    needs = "The demo needs packages of its own: start it by script/server --demo, which installs them."
    raise CommandError(needs) from error


class Command(BaseCommand):
    help = "Make five people and a team with models and datasets. Run again, it makes what is missing."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("A production server takes no demo: unset STEWARD_PRODUCTION.")
        admin = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
        if admin is None:
            raise CommandError("There is no administrator yet: start the server once.")
        password = guests.make_password()
        with loading.by_nobody_else() as mine:
            if not mine:
                raise CommandError("The demo is being loaded already: wait until that has ended.")
            self.fill(admin, password)
        names = ", ".join(guest.name for guest in guests.GUESTS)
        self.stdout.write(f"The demo is ready. Sign in as {names}; the password of each is {password}")

    def fill(self, admin: User, password: str) -> None:
        if guests.is_told():
            return
        try:
            story.tell(admin, password, self.say)
        except Problem as problem:
            raise CommandError(problem.sentence) from problem

    def say(self, sentence: str) -> None:
        self.stdout.write(f"Demo: {sentence}")
        self.stdout.flush()
