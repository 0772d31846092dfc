"""Zips of Markdown that were sent by page: a worker reads them, and takes in what their sender has seen.

Everything here may run twice, beside itself, or be killed half-way: a lock that dies with its connection
keeps two apart, articles are stored a few at a time together with how far that is, and the job `imports`
finds what was left.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from itertools import islice
from typing import Any, BinaryIO, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from governance import access
from governance.alone import alone
from governance.errors import Conflict, Problem, Unavailable
from governance.telling import ask
from kb import archives
from kb.actions.articles import add_article, edit_article, set_article
from kb.archives import Found, Written
from kb.digests import digest_of
from kb.labels import articles_of
from kb.models import Article, Import
from kb.models.imports import CHANGED, LEFT, NEW, SAME, STORED, TASK
from registry import storage
from registry.actions.blobs import holds_blobs
from registry.crypto import Damaged

logger = logging.getLogger("steward.imports")

SPACE = 0x57E3A37
TOGETHER = 50  # articles that are stored in one transaction
COMPARED = 500  # articles that are looked up at once
SHIFT = 30.0  # seconds after which a worker makes room for other work
MEANWHILE = "Somebody changed it after you looked: it is left as it is."
TAKEN = "There is an article at this address by now: it is left as it is."

holds_blobs(Import, "blob")


def work() -> None:
    """Read what was sent, then take in what was confirmed, for a while."""
    until = time.monotonic() + SHIFT
    for pk in waiting(Import.objects.to_read()):
        read(pk)
    for pk in waiting(Import.objects.to_take()):
        if not take(pk, until):
            ask(TASK)
            return


def waiting(rows: QuerySet[Import]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True)[:COMPARED])


# ------------------------------------------------------------------ reading


def read(pk: int) -> None:
    """Note what is in one of them and what would become of it, once."""
    with alone(SPACE, pk % 2**31) as mine:
        rows = Import.objects.to_read().select_related("team", "by", "blob")
        found = rows.filter(pk=pk).first() if mine else None
        if found is None:
            return
        try:
            outcome: dict[str, Any] = {"plan": planned(found)}
        except Unavailable as away:
            logger.warning("import %s waits: %s", pk, away.sentence)
            return
        except Problem as problem:
            outcome = {"problem": problem.sentence}
        Import.objects.to_read().filter(pk=pk).update(**outcome)


def planned(found: Import) -> list[dict[str, Any]]:
    plan: list[dict[str, Any]] = []
    with storage.open_blob(found.blob) as content:
        files = archives.surveyed(cast(BinaryIO, content))
        while batch := list(islice(files, COMPARED)):
            there = articles_there(found, {each.slug for each in batch})
            plan += [entry(found, place, each, there) for place, each in enumerate(batch, start=len(plan))]
    return plan


def articles_there(found: Import, slugs: set[str]) -> dict[str, Article | None]:
    """By slug; None for one that the sender may not see."""
    there: dict[str, Article | None] = dict.fromkeys(
        Article.objects.filter(team=found.team, slug__in=slugs).values_list("slug", flat=True)
    )
    seen = articles_of(found.by).filter(team=found.team, slug__in=slugs).defer("text")
    return there | {article.slug: article for article in seen}


def entry(found: Import, place: int, file: Found, there: dict[str, Article | None]) -> dict[str, Any]:
    """What becomes of one file, as it is now."""
    made = {"place": place, "path": file.path, "slug": file.slug, "title": "", "based_on": "", "said": ""}
    if file.written is None:
        return {**made, "what": LEFT, "said": file.problem}
    if problem := malformed(found, file.written):
        return {**made, "what": LEFT, "said": problem}
    made["title"] = file.written.title  # only now: of what is malformed no row may be able to hold it
    if file.slug not in there:
        return {**made, "what": NEW}
    article = there[file.slug]
    if article is None:
        return {**made, "what": LEFT, "said": f"{found.team.slug} already has an article at {file.slug}."}
    same = article.digest == digest_of(file.written.title.strip(), file.written.text)
    if same and article.labels == file.written.labels:
        return {**made, "what": SAME}
    for objection in access.objections(found.by, "article.edit", article):
        return {**made, "what": LEFT, "said": objection.sentence}
    return {**made, "what": CHANGED, "based_on": article.digest}


def malformed(found: Import, written: Written) -> str:
    """What the rules of the model say against it."""
    article = Article(team=found.team, slug=written.slug, title=written.title.strip(), text=written.text)
    article.labels = written.labels
    checked = {"slug", "title", "text", "labels"}
    try:
        article.clean_fields(exclude={field.name for field in Article._meta.fields} - checked)
    except ValidationError as error:
        return f"{written.slug}: {' '.join(error.messages)}"[:300]
    return ""


# ------------------------------------------------------------------ taking in


def take(pk: int, until: float) -> bool:
    """Store what was planned, a few articles at a time; whether there is nothing left to do for us."""
    with alone(SPACE, pk % 2**31) as mine:
        found = Import.objects.to_take().select_related("blob").filter(pk=pk).first() if mine else None
        if found is None:
            return True
        try:
            with closing(written_in(found)) as texts:
                while store_some(pk, texts):
                    if time.monotonic() > until:
                        return False
        except Unavailable as away:
            logger.warning("import %s waits: %s", pk, away.sentence)
    return True


def written_in(found: Import) -> Generator[Written]:
    """The articles that are to be stored and are not yet, in their order. What is damaged by now stores
    nothing more."""
    wanted = {each["place"] for each in found.plan[found.taken :] if each["what"] in STORED}
    with suppress(Damaged), storage.open_blob(found.blob) as content:
        for place, file in enumerate(archives.surveyed(cast(BinaryIO, content))):
            if place in wanted and file.written is not None:
                yield file.written


@transaction.atomic
def store_some(pk: int, texts: Iterator[Written]) -> bool:
    """The next few of its plan, and how far it is, together or not at all; whether there is more."""
    rows = Import.objects.to_take().select_for_update(of=("self",)).select_related("team", "by")
    found = rows.filter(pk=pk).first()
    if found is None:
        return False
    counted, stored, changes = Counter(found.done), 0, False
    while found.taken < len(found.plan) and stored < TOGETHER:
        each = found.plan[found.taken]
        if each["what"] in STORED:
            stored += 1
            outcome = stored_one(found, each, texts)
            changes |= outcome != (each["what"], each["said"])
            each["what"], each["said"] = outcome
        counted[each["what"]] += 1
        found.taken += 1
    found.done = dict(counted)
    more = found.taken < len(found.plan)
    if not more:
        found.finished_at = timezone.now()
    plan = ["plan"] if changes else []  # of many files it is long
    found.save(update_fields=[*plan, "done", "taken", "finished_at"])
    return more


def stored_one(found: Import, each: dict[str, Any], texts: Iterator[Written]) -> tuple[str, str]:
    """What became of it, and why it was left."""
    try:
        written = next(texts)
        with transaction.atomic():
            if each["what"] == NEW:
                put_new(found, written)
            else:
                put_changed(found, written, each["based_on"])
    except StopIteration:
        return LEFT, "It could not be read any more."
    except Unavailable:
        raise  # later
    except Problem as problem:
        return LEFT, problem.sentence
    return each["what"], ""


def put_new(found: Import, written: Written) -> None:
    said: dict[str, Any] = {"title": written.title, "text": written.text, "labels": written.labels}
    if Article.objects.filter(team=found.team, slug=written.slug).exists():
        raise Conflict(TAKEN)
    add_article(found.team, slug=written.slug, by=found.by, **said)


def put_changed(found: Import, written: Written, based_on: str) -> None:
    """Nobody is overwritten who saved after the plan was made."""
    article = articles_of(found.by).filter(team=found.team, slug=written.slug).first()
    if article is None or article.digest != based_on:
        raise Conflict(MEANWHILE)
    said: dict[str, Any] = {"title": written.title, "text": written.text, "note": "Imported"}
    article = edit_article(article, based_on=based_on, by=found.by, **said)
    if article.labels != written.labels:
        set_article(article, labels=written.labels, by=found.by)
