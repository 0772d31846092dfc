"""Addresses of what spans everything."""

from django.urls import path

from kb import help, views

app_name = "kb"
urlpatterns = [
    path("", views.home, name="home"),
    path("help/", help.index, name="help"),
]
