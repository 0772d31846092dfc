"""Knowledge, and what spans everything."""

from django.apps import AppConfig


class KbConfig(AppConfig):
    name = "kb"
