"""Fields that several forms have."""

from __future__ import annotations

import json
from typing import Any

from django import forms

from governance.api.parsing import loads
from governance.errors import Invalid
from registry.contracts.terms import from_yaml


class TagsField(forms.CharField):
    """Words with commas or blanks between them."""

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        return list(dict.fromkeys((super().to_python(value) or "").replace(",", " ").split()))

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


class LinesField(forms.CharField):
    """A line `name = value` for each; what is written like JSON is taken as such, the rest is text."""

    widget = forms.Textarea(attrs={"class": "mono", "rows": 4, "spellcheck": "false"})
    numbers = False

    def to_python(self, value: Any) -> dict[str, Any]:  # type: ignore[override]
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines()]
        return dict(self.pair(line) for line in lines if line)

    def pair(self, line: str) -> tuple[str, Any]:
        name, sign, text = (part.strip() for part in line.partition("="))
        if not (name and sign and text):
            raise forms.ValidationError(f"Write each line as name = value, not “{line[:60]}”.")
        return name, self.parsed(text)

    def parsed(self, text: str) -> Any:
        try:
            return json.loads(text)
        except ValueError:
            return text


class NumbersField(LinesField):
    """A line `name = number` for each."""

    def parsed(self, text: str) -> float:
        try:
            return float(text)
        except ValueError:
            raise forms.ValidationError(f"“{text[:60]}” is not a number: write 0.842, not 84.2 %.") from None


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class JSONText(forms.CharField):
    """One JSON object, read as strictly as the API reads a body."""

    widget = forms.Textarea(attrs={"class": "mono", "rows": 18, "spellcheck": "false"})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        try:
            return loads(text.encode()) if text else None
        except (Invalid, UnicodeEncodeError) as error:
            sentence = getattr(error, "sentence", "This text holds half a character.")
            raise forms.ValidationError(sentence.replace("This body", "This text")) from None


class ColumnsField(forms.CharField):
    """Names of columns, one on a line."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines()]
        names = [line for line in lines if line]
        if any(len(name) > 200 for name in names) or len(names) > 100:
            raise forms.ValidationError("At most 100 columns, each with a name of at most 200 characters.")
        return names

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class TermsField(forms.CharField):
    """A contract as YAML; empty: none holds."""

    widget = forms.Textarea(attrs={"class": "mono", "rows": 24, "spellcheck": "false"})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        try:
            return from_yaml(text) if text.strip() else None
        except Invalid as error:
            raise forms.ValidationError(error.sentence) from None
