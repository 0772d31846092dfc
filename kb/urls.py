"""Addresses of what spans everything."""

from django.urls import path

from kb.views import articles, demoing, finding, help, home, writing

app_name = "kb"
ARTICLE = "articles/<slug:team>/<slug:slug>"
urlpatterns = [
    path("", home.home, name="home"),
    path("help/", help.index, name="help"),
    path("search/", finding.search, name="search"),
    path("shortcuts/", finding.shortcuts, name="shortcuts"),
    path("demo/", demoing.load, name="demo"),
    path("demo/away/", demoing.put_away, name="demo_away"),
    path("articles/", articles.articles, name="articles"),
    path("articles/new/", writing.new_article, name="new_article"),
    path(f"{ARTICLE}/", articles.article, name="article"),
    path(f"{ARTICLE}/edit/", writing.edit, name="article_edit"),
    path(f"{ARTICLE}/about/", articles.about, name="article_about"),
    path(f"{ARTICLE}/verify/", articles.verify, name="article_verify"),
    path(f"{ARTICLE}/archive/", articles.archive, name="article_archive"),
    path(f"{ARTICLE}/versions/", articles.history, name="article_history"),
    path(f"{ARTICLE}/versions/<number:number>/", articles.version, name="article_version"),
    path(
        f"{ARTICLE}/versions/<number:number>/compare/<number:other>/",
        articles.compare,
        name="article_compare",
    ),
    path(f"{ARTICLE}/versions/<number:number>/restore/", articles.restore, name="article_restore"),
    path("pulse", home.pulse, name="pulse"),
]
