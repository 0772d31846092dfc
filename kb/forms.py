"""Forms of the pages of knowledge: text into values, and what is malformed. They never save."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from governance import access, roles
from governance.forms import Form
from governance.models import Team, User
from governance.names import SLUG_RULE, check_slug, check_text
from kb.models import Article, Collection
from kb.models.articles import LONGEST
from kb.models.readers import MOST_REASON
from kb.models.talk import MOST_CHARACTERS
from registry.forms.fields import TagsField
from registry.forms.lists import Narrowing

WRITE = {"rows": 18, "class": "mono", "spellcheck": "true"}
HELP = (
    "Markdown. model:team/name, dataset:team/name@3 and article:team/short-name become live links, "
    "so do run:12 and finding:34. > [!NOTE] begins a callout, - [ ] a task, [^1] a footnote, "
    "$x^2$ is a formula, ```python begins code in colour, ```diagram begins boxes and arrows: data --> model."
)


COLLECTION = "Who reads and writes it may be fewer than the team."
MOST_COLLECTIONS = 500


class Text(forms.CharField):
    """Prose as it was typed, but for how browsers end lines."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class ArticleForm(Form):
    """Title and text, and the digest of what one began from."""

    title = forms.CharField(label="Title", max_length=200, validators=[check_text])
    text = Text(
        label="Text",
        required=False,
        max_length=LONGEST,
        strip=False,
        validators=[check_text],
        widget=forms.Textarea(attrs=WRITE),
        help_text=HELP,
    )
    note = forms.CharField(label="What you changed", max_length=200, required=False, validators=[check_text])
    again = forms.BooleanField(label="Ask those to read it again who were asked to read it", required=False)
    based_on = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


class NewArticleForm(Form):
    """A new article, in a team in which one may write."""

    team = forms.ModelChoiceField(Team.objects.none(), to_field_name="slug", empty_label=None)
    title = forms.CharField(label="Title", max_length=200, validators=[check_text])
    slug = forms.CharField(
        label="Short name",
        max_length=100,
        validators=[check_slug],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=f"{SLUG_RULE} It stands in the address and cannot change later.",
    )
    labels = TagsField(
        required=False, help_text="Small letters, digits and hyphens; with commas between them."
    )
    collection = forms.ModelChoiceField(
        Collection.objects.none(), required=False, empty_label="None", help_text=COLLECTION
    )
    text = Text(
        label="Text",
        required=False,
        max_length=LONGEST,
        strip=False,
        validators=[check_text],
        widget=forms.Textarea(attrs=WRITE),
        help_text=HELP,
    )

    def __init__(self, data: QueryDict | None, *, person: User, **rest: Any) -> None:
        super().__init__(data, **rest)
        self.offers = offer_teams(self.fields["team"], person, "article.add")
        offer_collections(self.fields, Collection.objects.visible_to(person), MOST_COLLECTIONS)


class DecisionForm(Form):
    """A choice of a team in which one may write, and why."""

    team = forms.ModelChoiceField(Team.objects.none(), to_field_name="slug", empty_label=None)
    title = forms.CharField(label="What was decided", max_length=200, validators=[check_text])
    context = Text(label="Context", validators=[check_text], widget=forms.Textarea(attrs={"rows": 5}))
    options = Text(
        label="What could have been done",
        required=False,
        validators=[check_text],
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    choice = Text(
        label="What was chosen, and why", validators=[check_text], widget=forms.Textarea(attrs={"rows": 5})
    )
    consequences = Text(
        label="What follows",
        required=False,
        validators=[check_text],
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    about = forms.CharField(
        label="About",
        required=False,
        max_length=2000,
        help_text="Such as model:fraud/scorer@3 dataset:fraud/payments, with blanks between them.",
    )
    supersedes = forms.IntegerField(
        label="Takes the place of decision number", required=False, min_value=1, max_value=999_999_999
    )

    def __init__(self, data: QueryDict | None, *, person: User, **rest: Any) -> None:
        super().__init__(data, **rest)
        self.offers = offer_teams(self.fields["team"], person, "decision.add")

    def clean_about(self) -> list[str]:
        found: list[str] = self.cleaned_data["about"].split()
        return found

    def clean_supersedes(self) -> str:
        return str(self.cleaned_data["supersedes"] or "")


def offer_teams(field: Any, person: User, action: str) -> bool:
    """Offered are the teams in which one may; what the action says of another one is its to say. Whether
    there is one."""
    field.queryset = Team.objects.visible_to(person)
    allowed = field.queryset.at_work().filter(pk__in=access.teams(person, action))
    field.widget.choices = [(slug, slug) for slug in allowed.values_list("slug", flat=True)]
    return bool(field.widget.choices)


def offer_collections(fields: Any, rows: Any, most: int) -> None:
    """By team and title; without any there is no such field."""
    rows = rows.select_related("team").order_by("team__slug", "title")
    fields["collection"].queryset = rows
    choices = [(each.pk, f"{each.title} ({each.team.slug})") for each in rows[:most]]
    if not choices:
        del fields["collection"]
        return
    fields["collection"].widget.choices = [("", "None"), *choices]


class CollectionForm(Form):
    """A collection: what it is called, and who of the team reads and writes it."""

    title = forms.CharField(label="Title", max_length=100, validators=[check_text])
    closed = forms.BooleanField(label="Only people named below, and stewards, read it", required=False)
    guarded = forms.BooleanField(
        label="Only people named as writers, and stewards, write in it", required=False
    )
    readers = forms.CharField(
        label="Who reads it",
        required=False,
        max_length=5000,
        help_text="Names of members, with blanks between.",
    )
    writers = forms.CharField(
        label="Who writes in it",
        required=False,
        max_length=5000,
        help_text="Names of members, with blanks between. Who writes reads.",
    )


class NewCollectionForm(CollectionForm):
    """A new one, in a team in which one may write."""

    team = forms.ModelChoiceField(Team.objects.none(), to_field_name="slug", empty_label=None)
    slug = forms.CharField(label="Short name", max_length=60, validators=[check_slug], help_text=SLUG_RULE)
    field_order = ("team", "title", "slug")

    def __init__(self, data: QueryDict | None, *, person: User, **rest: Any) -> None:
        super().__init__(data, **rest)
        self.offers = offer_teams(self.fields["team"], person, "collection.add")


class AboutForm(Form):
    """Who answers for an article, how long a verification holds, and its labels."""

    owner = forms.ModelChoiceField(
        User.objects.none(), to_field_name="username", empty_label=None, help_text="Who keeps it true."
    )
    backup = forms.ModelChoiceField(
        User.objects.none(),
        to_field_name="username",
        required=False,
        empty_label="Nobody",
        help_text="Who does when the owner is away.",
    )
    interval = forms.IntegerField(
        label="Verify it every, in days",
        min_value=1,
        max_value=730,
        help_text="How long a verification holds. What is linked may end it sooner.",
    )
    labels = TagsField(
        required=False, help_text="Small letters, digits and hyphens; with commas between them."
    )

    collection = forms.ModelChoiceField(
        Collection.objects.none(), required=False, empty_label="None", help_text=COLLECTION
    )

    def __init__(self, data: QueryDict | None, *, article: Article, person: User) -> None:
        now: dict[str, Any] = {
            "interval": article.interval,
            "labels": article.labels,
            "owner": article.owner.username,
        }
        now["backup"] = article.backup.username if article.backup else ""
        now["collection"] = article.collection_id
        super().__init__(data, initial=now)
        rows = Collection.objects.visible_to(person).filter(team=article.team)
        offer_collections(self.fields, rows, MOST_COLLECTIONS)
        for name in ("owner", "backup"):
            self.fields[name].queryset = writers(article.team)  # type: ignore[attr-defined]


def writers(team: Team) -> Any:
    """Who may write articles of a team."""
    names = roles.allowing("article.edit")
    rows = User.objects.filter(memberships__team=team, memberships__role__in=names, is_active=True)
    return rows.distinct().order_by("username")


class ArticleFilter(Narrowing):
    """What of the list is shown."""

    label = forms.CharField(label="Label", max_length=40, required=False)
    owner = forms.CharField(label="Owner", max_length=100, required=False)
    about = forms.CharField(label="About", max_length=200, required=False)
    collection = forms.CharField(label="Collection", max_length=130, required=False)
    mine = forms.ChoiceField(
        label="Whose",
        required=False,
        choices=[("", "Anybody's"), ("yours", "yours to keep true"), ("watched", "watched by you")],
    )
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[
            ("", "Any state"),
            ("verified", "verified"),
            ("expired", "time is over"),
            ("moved", "production moved on"),
            ("unverified", "never verified"),
            ("archived", "archived"),
        ],
    )


class CommentForm(Form):
    text = Text(
        label="Comment",
        max_length=MOST_CHARACTERS,
        validators=[check_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Markdown. @name tells somebody who reads the article.",
    )


class RatingForm(Form):
    """Whether an article helped, and why."""

    helpful = forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")])
    reason = forms.CharField(max_length=MOST_REASON, required=False, validators=[check_text])


class AskReadingForm(Form):
    role = forms.ChoiceField(
        label="Who",
        required=False,
        choices=[("", "Everybody in the team"), *((role, f"Every {role}") for role in roles.ROLES)],
    )
    note = forms.CharField(label="Why", max_length=200, required=False, validators=[check_text])


class VerifyForm(Form):
    digest = forms.CharField(max_length=64, min_length=64, widget=forms.HiddenInput)
