"""Addresses of what spans everything."""

from django.urls import path

from kb.views import demoing, finding, help, home

app_name = "kb"
urlpatterns = [
    path("", home.home, name="home"),
    path("help/", help.index, name="help"),
    path("search/", finding.search, name="search"),
    path("shortcuts/", finding.shortcuts, name="shortcuts"),
    path("demo/", demoing.load, name="demo"),
    path("demo/away/", demoing.put_away, name="demo_away"),
    path("pulse", home.pulse, name="pulse"),
]
