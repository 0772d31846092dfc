"""Addresses of what spans everything, below /api/v1/."""

from governance.api.routes import route
from kb.api.articles import ArticlesView, ArticleVersionView, ArticleView
from kb.api.search import SearchView

ARTICLE = "articles/<team:team>/<name:slug>"

urlpatterns = [
    *route("search", SearchView, get="search"),
    *route("articles/", ArticlesView, get="list", post="create"),
    *route(f"{ARTICLE}/", ArticleView, get="retrieve", put="update", patch="change"),
    *route(f"{ARTICLE}/verify", ArticleView, post="verify"),
    *route(f"{ARTICLE}/archive", ArticleView, post="archive"),
    *route(f"{ARTICLE}/unarchive", ArticleView, post="unarchive"),
    *route(f"{ARTICLE}/versions/", ArticleVersionView, get="list"),
    *route(f"{ARTICLE}/versions/<version:number>", ArticleVersionView, get="retrieve"),
    *route(f"{ARTICLE}/versions/<version:number>/restore", ArticleVersionView, post="restore"),
]
