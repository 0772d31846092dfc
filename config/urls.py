"""Addresses: pages at the root, the REST API below /api/v1/, static files by whitenoise."""

from django.urls import include, path

from governance import health, metrics

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics.metrics),
    path("api/v1/", include("config.api")),
    path("account/", include("governance.account_urls")),
    path("", include("governance.urls")),
    path("", include("registry.urls")),
    path("", include("kb.urls")),
]

handler400 = "governance.pages.malformed"
handler404 = "governance.pages.not_found"
handler429 = "governance.pages.too_many"
handler500 = "governance.middleware.unforeseen"
