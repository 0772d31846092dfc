"""Documents do not act when they are opened."""

from __future__ import annotations

import pytest

from registry.checks import documents
from registry.sandbox.running import Sandbox
from tests.registry.checks.looking import look, look_in_sandbox
from tests.registry.checks.test_file_type import PDF, zipped

PLAIN = PDF + b"<< /Type /Catalog /OpenAction [3 0 R /Fit] /URI (http://host) >>"


@pytest.mark.parametrize(
    "content", [PLAIN, zipped(**{"[Content_Types].xml": b"", "word/document.xml": b"<a/>"})]
)
def test_a_document_to_read_is_no_issue(content):
    assert look(documents, content, "a.pdf") == ([], {})


@pytest.mark.parametrize(
    "action",
    [
        b"/S /JavaScript /JS (app.alert(1))",
        b"/S /Launch /F (cmd.exe)",
        b"/S /J#61vaScript",
        b"/JS (x)",
        b"/Type /EmbeddedFile",
    ],
)
def test_a_pdf_that_acts_is_high(action):
    assert look(documents, PLAIN + b"<< " + action + b" >>", "a.pdf")[0] == [("high", "acts")]


@pytest.mark.parametrize(
    "name", ["word/vbaProject.bin", "xl/macrosheets/sheet1.xml", "word/embeddings/oleObject1.bin"]
)
def test_a_macro_is_high(name):
    content = zipped(**{"[Content_Types].xml": b"", name: b"x"})

    assert look(documents, content, "a.docx")[0] == [("high", "macro")]


def test_in_the_sandbox(tmp_path):
    sandbox = Sandbox()

    report = look_in_sandbox(sandbox, tmp_path, PLAIN + b"/S /Launch", "a.pdf", "documents")

    assert (report.outcome, [issue.name for issue in report.issues]) == ("done", ["acts"])
    sandbox.stop()
