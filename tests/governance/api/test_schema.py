"""The description of the API is valid, complete and true, and can be read on a page of ours."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from openapi_spec_validator import OpenAPIV31SpecValidator

from governance.api import describing, schema
from governance.api.base import View

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(schema.text())
    return found


def views(patterns: list[Any], before: str = "") -> dict[str, set[str]]:
    """Every address of a view of the API and its methods, as the router has them."""
    found: dict[str, set[str]] = {}
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found |= views(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern) and issubclass(getattr(pattern.callback, "cls", object), View):
            found[address] = set(pattern.callback.actions) & METHODS
    return found


def documented(address: str) -> str:
    """An address as the schema writes it."""
    named = re.sub(r"<(?:[^:>]+:)?(\w+)>", r"{\1}", f"/{address}")
    return named.replace("{pk}", "id").replace("id", "{id}") if "{pk}" in named else named


@pytest.mark.slow
def test_schema_is_valid_openapi_3_1(described: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(described).validate()

    assert described["openapi"] == "3.1.0"


def test_schema_is_made_without_a_warning(described: dict[str, Any]) -> None:
    call_command("spectacular", fail_on_warn=True, validate=True, stdout=StringIO())


def test_every_address_and_method_is_documented_in_one_of_its_two_forms(described: dict[str, Any]) -> None:
    paths = {path: set(methods) & METHODS for path, methods in described["paths"].items()}
    routed = {documented(address): methods for address, methods in views(get_resolver().url_patterns).items()}

    missing = [
        address
        for address, methods in routed.items()
        if methods not in (paths.get(address), paths.get(address.rstrip("/")), paths.get(f"{address}/"))
    ]

    assert missing == []
    assert sorted(set(paths) - set(routed)) == []


def test_every_address_has_both_forms() -> None:
    routed = {documented(address) for address in views(get_resolver().url_patterns)}
    other = {address.removesuffix("/") if address.endswith("/") else f"{address}/" for address in routed}

    assert sorted(address for address in other - routed if not address.endswith("{path}/")) == []


def test_parts_of_an_address_are_its_path_parameters(described: dict[str, Any]) -> None:
    for path, methods in described["paths"].items():
        for method in METHODS & methods.keys():
            named = {
                entry["name"] for entry in methods[method].get("parameters", []) if entry["in"] == "path"
            }
            assert (path, named) == (path, set(re.findall(r"\{(\w+)\}", path)))


def test_every_operation_says_what_it_does_and_how_it_refuses(described: dict[str, Any]) -> None:
    for methods in described["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert {"400", "401", "500", "503"} <= operation["responses"].keys()


def test_operations_have_names_of_their_own(described: dict[str, Any]) -> None:
    names = [
        operation["operationId"] for methods in described["paths"].values() for operation in methods.values()
    ]

    assert len(names) == len(set(names)) > 50


def test_bodies_take_no_fields_that_are_not_named(described: dict[str, Any]) -> None:
    forms = {
        name: form for name, form in described["components"]["schemas"].items() if name.endswith("Request")
    }

    assert [name for name, form in forms.items() if form.get("additionalProperties") is not False] == []
    assert len(forms) > 10


@pytest.mark.parametrize("address", ["/api/v1/schema/", "/api/v1/schema"])
def test_anybody_may_read_the_schema(address: str, described: dict[str, Any]) -> None:
    answer = Client().get(address)

    assert (answer.status_code, answer.json()) == (200, described)


@pytest.mark.django_db
def test_page_has_no_inline_script_and_nothing_from_elsewhere() -> None:
    answer = Client().get("/api/v1/docs/")
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert re.findall(r"<script(?![^>]* src=\"/static/)|<style|style=|https?://|//\w", page) == []


@pytest.mark.browser
@pytest.mark.slow
def test_page_works_in_a_browser_under_the_strict_policy(live_server: Any) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        complaints: list[str] = []
        hosts: set[str] = set()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
        page.goto(f"{live_server.url}/api/v1/docs/")
        page.locator("#operations-tag-approvals").click()
        page.locator("#operations-approvals-approvals_approve_create").click()
        page.get_by_role("button", name="Try it out").click()
        shown = page.locator(".opblock-tag").count()
        browser.close()

    assert shown > 20
    assert complaints == []
    assert hosts == {live_server.url.removeprefix("http://")}


def test_two_who_ask_first_at_once_get_the_same(described: dict[str, Any]) -> None:
    describing.made.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        texts = list(pool.map(lambda _: schema.text(), range(4)))

    assert [json.loads(text) for text in texts] == [described] * 4
