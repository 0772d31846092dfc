"""Articles that say nearly the same are found, text by text. Worked out of the articles: no event."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from governance import access, audit
from governance.audit import action
from governance.models import User
from governance.telling import settle, tell
from kb.likeness import ALIKE, bands, likeness, shingles
from kb.models import Article, Sketch, Twins

KIND = "article-twins"
COMPARED = 50  # texts that may be like one


def unsketched(most: int) -> list[Article]:
    """Articles whose text is another one than when they were compared last, the oldest first."""
    same = Sketch.objects.filter(digest=F("article__digest")).values("article")
    rows = Article.objects.filter(archived_at=None, team__archived_at=None).exclude(pk__in=same)
    return list(rows.select_related("team", "owner").defer("search").order_by("updated_at", "pk")[:most])


@transaction.atomic
def compare(article: Article) -> int:
    """Compare one with those of its team; how many pairs are new. The owners hear of a new one."""
    found = shingles(article.text)
    near = Sketch.objects.filter(bands__overlap=bands(found), article__team=article.team_id).exclude(
        article=article
    )
    candidates = Article.objects.filter(
        pk__in=near.order_by("pk").values("article")[:COMPARED], archived_at=None
    )
    alike = {
        other.pk: value
        for other in candidates.defer("search")
        if (value := likeness(found, shingles(other.text))) >= ALIKE
    }
    pairs = Twins.objects.filter(Q(one=article) | Q(other=article))
    pairs.exclude(one__in=[article.pk, *alike], other__in=[article.pk, *alike]).delete()
    new = sum(pair(article, key, value) for key, value in sorted(alike.items()))
    Sketch.objects.update_or_create(
        article=article, defaults={"digest": article.digest, "bands": bands(found)}
    )
    return new


def pair(article: Article, key: int, value: float) -> bool:
    """Whether it is new."""
    one, other = sorted((article.pk, key))
    twins, is_new = Twins.objects.update_or_create(one_id=one, other_id=other, defaults={"likeness": value})
    if is_new:
        twins = Twins.objects.select_related("one__team", "one__owner", "other__owner").get(pk=twins.pk)
        sentence = "An article of yours and another one say nearly the same: put them together."
        tell(KIND, [twins.one.owner, twins.other.owner], twins, sentence)
    return is_new


@action("twins.part")
def part_twins(twins: Twins, /, *, by: User) -> Twins:
    """Say that two articles are not the same: their pair is listed no more. Again changes nothing."""
    return set_apart(twins, "twins.part", by)


@action("twins.pair")
def pair_twins(twins: Twins, /, *, by: User) -> Twins:
    """Take that back."""
    return set_apart(twins, "twins.pair", by)


def set_apart(twins: Twins, act: str, by: User) -> Twins:
    rows = Twins.objects.select_for_update(of=("self",)).select_related("one__team", "other__team")
    found = rows.get(pk=twins.pk)
    access.check(by, act, found)
    apart = act == "twins.part"
    if apart != (found.apart_at is not None):
        found.apart_at, found.apart_by = (timezone.now(), by) if apart else (None, None)
        found.save(update_fields=["apart_at", "apart_by"])
        settle(KIND, found)
        audit.record(act, found, by=by)
    return found
