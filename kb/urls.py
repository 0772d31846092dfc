"""Addresses of what spans everything."""

from django.urls import path

from kb.views import (
    articles,
    attachments,
    decisions,
    demoing,
    finding,
    help,
    home,
    playbooks,
    runs,
    triggers,
    writing,
)

app_name = "kb"
ARTICLE = "articles/<slug:team>/<slug:slug>"
urlpatterns = [
    path("", home.home, name="home"),
    path("help/", help.index, name="help"),
    path("search/", finding.search, name="search"),
    path("shortcuts/", finding.shortcuts, name="shortcuts"),
    path("demo/", demoing.load, name="demo"),
    path("demo/away/", demoing.put_away, name="demo_away"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/new/", decisions.new_decision, name="new_decision"),
    path("decisions/<slug:team>/<number:number>/", decisions.decision, name="decision"),
    path("articles/", articles.articles, name="articles"),
    path("articles/new/", writing.new_article, name="new_article"),
    path(f"{ARTICLE}/", articles.article, name="article"),
    path(f"{ARTICLE}/edit/", writing.edit, name="article_edit"),
    path(f"{ARTICLE}/about/", articles.about, name="article_about"),
    path(f"{ARTICLE}/verify/", articles.verify, name="article_verify"),
    path(f"{ARTICLE}/attachments/", attachments.attachments, name="article_attachments"),
    path(f"{ARTICLE}/attachments/<str:name>/", attachments.attachment, name="attachment"),
    path(f"{ARTICLE}/attachments/<str:name>/shown", attachments.picture, name="attachment_shown"),
    path(f"{ARTICLE}/attachments/<str:name>/remove/", attachments.remove, name="attachment_remove"),
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
    path("questions/", playbooks.questions, name="questions"),
    path("playbooks/", playbooks.index, name="playbooks"),
    path("playbooks/<slug:code>/", playbooks.show, name="playbook"),
    path("playbooks/<slug:code>/edit/", playbooks.edit, name="playbook_edit"),
    path("playbooks/<slug:code>/start/", playbooks.start, name="run_start"),
    path("triggers/", triggers.index, name="triggers"),
    path("triggers/new/", triggers.new, name="new_trigger"),
    path("triggers/<key:pk>/", triggers.show, name="trigger"),
    path("runs/", runs.index, name="runs"),
    path("runs/<key:pk>/", runs.show, name="run"),
    path("runs/<key:pk>/timeline/", runs.timeline, name="run_timeline"),
    path("runs/<key:pk>/change/", runs.change, name="run_change"),
    path("runs/<key:pk>/steps/<slug:key>/", runs.step, name="step"),
]
