"""Asking for an evaluation."""

from __future__ import annotations

from typing import Any

from django import forms

from governance.forms import Form
from registry.actions.evaluations import PARTS
from registry.forms.fields import ColumnsField


class PriceForm(Form):
    """What each kind of error costs, in whatever one counts."""

    false_positive = forms.FloatField(label="A false alarm costs", min_value=0, max_value=1e12)
    false_negative = forms.FloatField(label="A missed one costs", min_value=0, max_value=1e12)


class EvaluateForm(Form):
    """On which table a model is scored, and for what."""

    rare = ("only", "positive", "threshold", "features", "slices", "model", "table")

    dataset = forms.CharField(
        label="Dataset version",
        max_length=400,
        widget=forms.Select,
        help_text="The newest that you see. You must be able to fetch it.",
    )
    part = forms.ChoiceField(
        choices=[(part, part.capitalize()) for part in PARTS],
        initial="test",
        help_text="A hold-out is opened once: each evaluation on it counts. Of golden predictions the target "
        "holds what the model has to answer: a value, the chance of the positive class, or a class.",
    )
    target = forms.CharField(
        max_length=200,
        required=False,
        help_text="The column of the answers. Empty: as the dataset declares it.",
    )
    only = forms.CharField(
        label="Only rows of",
        max_length=200,
        required=False,
        help_text="A value of the declared split, such as test. Empty: all rows.",
    )
    positive = forms.CharField(
        label="Positive class",
        max_length=200,
        required=False,
        help_text="Of two classes. Empty: the second one of the model.",
    )
    threshold = forms.FloatField(
        required=False, help_text="From which chance or score on a row counts as positive. Empty: a half."
    )
    features = ColumnsField(
        required=False,
        help_text="Columns in the model's order, one on a line. Empty: those that it names, or all others.",
    )
    slices = ColumnsField(
        required=False, help_text="Columns whose values are looked at one by one. Empty: those with words."
    )
    model = forms.CharField(
        label="File of the model",
        max_length=255,
        required=False,
        help_text="scikit-learn, ONNX, XGBoost, LightGBM, or safetensors. Empty: the only one that fits. "
        "What the file does not say, such as classes or layers, scoring.json beside it does.",
    )
    table = forms.CharField(
        label="File of the table", max_length=255, required=False, help_text="Empty: the only one that fits."
    )

    def __init__(self, data: Any = None, *, datasets: list[str]) -> None:
        super().__init__(data)
        choices = [(label, label.removeprefix("datasets/")) for label in datasets]
        self.fields["dataset"].widget.choices = choices
