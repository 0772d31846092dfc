"""Pages of what is as large and as odd as it may be: quick, readable, and never wider than a phone."""

from __future__ import annotations

import gzip
from urllib.parse import quote

import pytest

from registry.models import Finding
from tests import factories, markup
from tests.browsing import CHROMIUM, browser, complaints, visit
from tests.pages import queries, said
from tests.registry import large

__all__ = ["browser", "complaints", "visit"]

pytestmark = pytest.mark.slow

PAGES = (
    *("/", "/models/", "/models/?state=blocked", "/models/?severity=high", "/findings/", "/trail/"),
    *("/approvals/", "/teams/fraud/", "/search/?q=sss", "/{artifact}/", "/{artifact}/edit/"),
    *("/{version}/", "/{version}/files/", "/{version}/findings/", "/{version}/preview/{deep}"),
    *("/{version}/preview/{wide}", "/{version}/files/?folder=d00/d01", "/{version}/compare/9999/"),
    *("/{version}/findings/{finding}/waive/", "/{version}/records/", "/{version}/profile/"),
    *("/{version}/card/", "/{version}/evaluations/", "/{version}/aliases/production/ask/", "/inbox/"),
    *("/{version}/withdraw/", "/{artifact}/versions/new/"),
)


def addresses(version) -> list[str]:
    finding = Finding.objects.filter(version=version).earliest("pk")
    known = {
        "artifact": version.artifact.label,
        "version": version.label,
        "finding": finding.pk,
        "deep": quote(large.DEEP),
        "wide": quote(large.WIDE),
    }
    return [page.format(**known) for page in PAGES]


@pytest.mark.django_db
def test_ten_thousand_versions_are_leafed_through(team, author, signed_in):
    small = factories.submitted(factories.artifact(team, author), author)
    artifact = factories.artifact(team, author, name="scorer")
    large.many(artifact, author, large.VERSIONS)
    client = signed_in(author)

    shown, address = [], f"/{artifact.label}/"
    for _ in range(3):
        answer = client.get(address)
        shown += [row.version.number for row in answer.context["versions"]]
        address = f"/{artifact.label}/{answer.context['pager']['older']}"

    assert shown == list(range(large.VERSIONS, large.VERSIONS - 150, -1))
    assert f"pull fraud/scorer:{large.VERSIONS} scorer/" in said(answer)
    assert queries(client, f"/{artifact.label}/") == queries(client, f"/{small.artifact.label}/")


@pytest.mark.django_db
def test_every_page_of_something_large_is_light_and_valid(team, author, steward, signed_in):
    version = large.make(team, author, steward)
    client = signed_in(steward)

    wrong = []
    for address in addresses(version):
        answer = client.get(address)
        text = answer.content.decode()
        wrong += [f"{address}: {answer.status_code}"] if answer.status_code != 200 else []
        wrong += [f"{address}: {each}" for each in markup.complaints(text)]
        wrong += [f"{address}: weighs {len(text)}"] if len(gzip.compress(answer.content)) > 60_000 else []
        wrong += [
            f"{address}: {raw} is not escaped" for raw in ("<script>alert", "<img src=x") if raw in text
        ]

    assert wrong == []


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed")
@pytest.mark.django_db(transaction=True)
def test_nothing_is_wider_than_a_phone(team, author, steward, visit):
    version = large.make(team, author, steward)
    page = visit(steward, viewport={"width": 390, "height": 844})
    page.set_default_timeout(30_000)

    wide = []
    for address in addresses(version):
        page.goto(address)
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        more = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        wide += [f"{address}: {more} px too wide"] if more > 0 else []

    assert wide == []
