"""Evidence of a step, and what a step asks for: lines of which a page has dozens."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from governance.markup import filled
from governance.templatetags.steward import digest, icon
from kb.playbooks import Need
from kb.presenting.runs import ProofRow

register = template.Library()

PROOF = '<li data-state="{}">{}<span class="kind">{}</span><span>{}</span>{}{}</li>'
NEED = '<li>{}<span class="kind">{}</span><span>{}</span><span></span></li>'
LINK, META, NOTHING = '<a href="{}">{}</a>', '<span class="faint">{}</span>', SafeString("<span></span>")


@register.simple_tag
def evidence(proofs: Iterable[ProofRow]) -> SafeString:
    """`{% evidence row.proofs %}`: how each piece stands."""
    return SafeString("".join(map(proof, proofs)))


def proof(row: ProofRow) -> str:
    said = filled(LINK, row.href, row.said) if row.href else row.said
    shown = digest(row.digest, name="Digest") if row.digest else NOTHING
    return filled(
        PROOF, row.state, icon(row.icon), row.kind, said, shown, filled(META, row.meta) if row.meta else ""
    )


@register.simple_tag
def asked(needs: Iterable[Need]) -> SafeString:
    """`{% asked step.needs %}`: what has to be there."""
    return SafeString("".join(filled(NEED, icon("neutral"), need.kind, words(need)) for need in needs))


def words(need: Need) -> str:
    is_bound = need.kind == "number" or need.least is not None or need.most is not None
    return f"{need.text}, {need.range}" if is_bound else need.text
