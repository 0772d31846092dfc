"""Addresses of what spans everything, below /api/v1/."""

from governance.api.routes import route
from kb.api.search import SearchView

urlpatterns = [*route("search", SearchView, get="search")]
