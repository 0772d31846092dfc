"""The living page of parts: every component with made-up content, to look at and to copy from."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_safe

COMPONENTS = Path(__file__).resolve().parent.parent / "templates" / "_components"
ICONS = Path(__file__).resolve().parent / "static" / "steward" / "icons.svg"
COLOURS = (
    "paper", "sunk", "hover", "line", "edge", "ink", "ink-2", "ink-3", "accent", "good", "warn", "blocked",
    "accent-wash", "good-wash", "warn-wash", "blocked-wash",
)  # fmt: skip
DIGEST = "9f2c71ae04b7d9e1c65a3f8802d4b61e7a90c3f5182e6bd40f7795acb83e21d6"
MARKDOWN = """Scores **card payments** while they happen, in under 20 ms.

## What it is for

1. Holding a payment until a person has looked.
2. Nothing else: see [the threshold](https://example.org/threshold).

| feature | from |
|---|---|
| `device_age` | device-signals 12 |
| `amount_z` | card-transactions 31 |

> Not for refunds, which look alike and are not.

    steward.py pull fraud/card-fraud-scorer:production
"""


class Example(forms.Form):
    name = forms.CharField(
        label="Name of the model", help_text="Letters, digits, dots and hyphens. It cannot change later."
    )
    ends = forms.CharField(label="Waiver ends on")
    reason = forms.ChoiceField(label="Reason", choices=[("known", "Known and harmless here")])
    note = forms.CharField(
        label="Note", widget=forms.Textarea, required=False, help_text="Markdown. Kept with the version."
    )
    upload = forms.FileField(label="Files", required=False)
    roles = forms.MultipleChoiceField(
        label="Roles",
        choices=[("reader", "Reader"), ("steward", "Steward")],
        widget=forms.CheckboxSelectMultiple,
    )
    again = forms.BooleanField(label="Tell me when its checks end", required=False)

    def clean_ends(self) -> None:
        raise forms.ValidationError("A waiver lasts at most 90 days: choose a day up to 12 August 2026.")


def example_form() -> Example:
    return Example(
        {"name": "card-fraud-scorer", "ends": "14 May 2028", "reason": "known", "roles": ["steward"]}
    )


def verdicts(now: datetime) -> dict[str, Any]:
    blocked = {
        "state": "blocked",
        "title": "Version 14 may not become production",
        "text": "Two findings stand in the way. Once both are cured, one approval is needed.",
        "at": now - timedelta(minutes=4),
        "evidence": DIGEST[8:],
        "objections": [
            {
                "sentence": format_html(
                    "<code>{}</code> names <code>{}</code>, which is not on the team's list.",
                    "preprocess/encoder.pkl",
                    "fraudkit.encode.TargetEncoder",
                ),
                "cure": "a steward other than you adds exactly this name to the list of fraud, "
                "or you push the encoder as skops.",
                "who": "Jonas Weber, Leila Haddad or you",
                "origin": "High severity",
                "policy": "no_open_finding",
                "href": "#verdict",
                "link": "Finding 2118",
                "since": now - timedelta(hours=2),
                "actions": [
                    {"word": "Ask Jonas Weber", "href": "#verdict", "kind": "primary"},
                    {"word": "Add the name", "closed": "Someone other than the author must do this."},
                ],
            },
            {
                "sentence": "1,204 of 286,310 rows of validation.parquet also occur in train.parquet.",
                "cure": "push version 15 evaluated on a split without these rows, or ask for a waiver.",
                "origin": "High severity",
                "policy": "no_open_finding",
                "actions": [{"word": "Ask for a waiver", "href": "#verdict"}],
            },
        ],
        "agreed_said": "Nothing else objects: 3 policies agree, 12 of 12 checks finished",
        "agreed": [
            "Every required check has finished.",
            "The digest is the one that was submitted.",
            "Nobody decides on their own work.",
        ],
    }
    ready = {
        "state": "ready",
        "title": "Version 14 may become production",
        "text": "Jonas Weber approved it, and nothing objects.",
        "at": now - timedelta(seconds=20),
        "evidence": DIGEST,
        "actions": [{"word": "Promote to production", "href": "#verdict", "kind": "primary"}],
        "agreed_said": "5 policies agree, 12 of 12 checks finished",
        "agreed": blocked["agreed"],
    }
    checking = {
        "state": "checking",
        "title": "Version 15 is being checked",
        "text": "It usually takes half a minute. This page follows by itself.",
        "done": 7,
        "all": 12,
        "said": "7 of 12 finished",
    }
    draft = {
        "state": "draft",
        "title": "Version 16 is a draft",
        "text": "Add its files, then submit it: that freezes it under one digest and starts its checks.",
        "actions": [{"word": "Submit", "closed": "It has no file yet."}],
    }
    return {"blocked": blocked, "ready": ready, "checking": checking, "draft": draft}


def events(now: datetime) -> list[dict[str, Any]]:
    link = format_html('<a href="{}">{}</a>', "#timeline", "Jonas Weber")
    return [
        {
            "at": now - timedelta(minutes=2),
            "state": "blocked",
            "sentence": "Check pickle_names opened finding 2118.",
            "meta": "Event 48,226",
        },
        {
            "at": now - timedelta(minutes=14),
            "icon": "undo",
            "sentence": format_html("The approval of {} became void.", link),
            "meta": "The open findings are not the ones that were signed",
        },
        {
            "at": now - timedelta(days=1, hours=2),
            "state": "good",
            "icon": "approve",
            "sentence": format_html("{} approved the promotion to production.", link),
        },
        {
            "at": now - timedelta(days=8),
            "icon": "upload",
            "sentence": "Mara Lindqvist pushed version 14.",
            "meta": "9 files, 318 MB",
        },
    ]


FILES = [
    {
        "path": "preprocess/encoder.pkl",
        "size": 2_100_000,
        "state": "blocked",
        "word": "1 high",
        "href": "#tree",
    },
    {"path": "preprocess/columns.json", "size": 18_000, "state": "good", "word": "Clean", "href": "#tree"},
    {"path": "evaluation/folds.json", "size": 41_000_000, "state": "good", "word": "Clean", "href": "#tree"},
    {"path": "model.safetensors", "size": 274_000_000, "state": "good", "word": "Clean", "href": "#tree"},
    {"path": "requirements.lock", "size": 9_000, "state": "warn", "word": "1 medium", "href": "#tree"},
    {"path": "signature.json", "size": 4_000, "state": "neutral", "word": "Not evaluated", "href": "#tree"},
]


DIFF = [
    {"before": 6, "after": 6, "mark": " ", "text": '"objective": "binary:logistic",'},
    {"before": 7, "mark": "-", "text": '"max_depth": 6,'},
    {"after": 7, "mark": "+", "text": '"max_depth": 8,'},
    {"before": 8, "after": 8, "mark": " ", "text": '"eta": 0.05,'},
]
CHART = {
    "name": "PR-AUC",
    "title": "PR-AUC over 3 versions: 0.81, 0.83 and 0.84. The newest is the highest.",
    "width": 320,
    "height": 168,
    "left": 48,
    "right": 308,
    "bottom": 132,
    "lines": [(12, "0.85"), (72, "0.82"), (132, "0.79")],
    "path": "M70 92L180 52L290 32",
    "points": [
        {"x": 70, "y": 92, "number": 12, "kind": "other"},
        {"x": 180, "y": 52, "number": 13, "kind": "production"},
        {"x": 290, "y": 32, "number": 14, "kind": "this"},
    ],
}


def parameters() -> list[tuple[str, str]]:
    """The name of every component and the first line of its file, which says what it takes."""
    first = re.compile(r"\{# (.*?) #\}")
    lines = ((path.stem, first.match(path.read_text())) for path in sorted(COMPONENTS.glob("*.html")))
    return [(name, found[1]) for name, found in lines if found]


@login_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "colours": COLOURS,
        "icons": re.findall(r'id="i-([a-z]+)"', ICONS.read_text()),
        "form": example_form(),
        "asked": Example(auto_id="asked_%s"),
        "verdicts": verdicts(now),
        "events": events(now),
        "files": FILES,
        "diff": DIFF,
        "chart": CHART,
        "markdown": MARKDOWN,
        "digest": DIGEST,
        "command": "python steward.py pull \\\n  fraud/card-fraud-scorer:production",
        "now": now,
        "parameters": parameters(),
        "tabs": [
            {"word": "Overview", "href": "#tabs", "current": True},
            {"word": "Files", "href": "#tabs", "count": 9},
            {"word": "Findings", "href": "#tabs", "count": 3},
            {"word": "Trail", "href": "#tabs", "count": 11},
        ],
        "crumbs": [{"word": "Models", "href": "#tabs"}, {"word": "fraud", "href": "#tabs"}],
        "menu": [
            {"word": "Compare with 12", "href": "#main", "icon": "compare"},
            {"word": "Withdraw the version", "href": "#main", "icon": "undo", "danger": True},
        ],
        "facts": [("Owner", "fraud"), ("Licence", "Apache-2.0"), ("Added by", "Mara Lindqvist")],
    }
    return render(request, "styleguide.html", context)
