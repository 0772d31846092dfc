"""Addresses below /api/v1/: every app's own, then the description of them all."""

from django.urls import include, path

from governance.api import schema

urlpatterns = [
    # Django tries one after the other: first what is asked for most.
    path("", include("registry.api.urls")),
    path("", include("governance.api.urls")),
    path("", include("kb.api.urls")),
    path("schema/", schema.schema, name="schema"),
    path("schema", schema.schema),
    path("docs/", schema.docs, name="docs"),
    path("docs", schema.docs),
]
