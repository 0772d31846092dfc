"""Secrets are found and never shown. All of these were made up here."""

from __future__ import annotations

import base64
import io
import json
import random
import string
import time

import pytest

from registry.checks import leaked_secrets
from registry.sandbox.running import Sandbox
from tests.registry.checks.looking import look, look_in_sandbox
from tests.registry.checks.test_file_type import zipped

CHANCE = random.Random(3)
LETTERS = string.ascii_letters


def drawn(number: int, alphabet: str = LETTERS + string.digits) -> str:
    return "".join(CHANCE.choice(alphabet) for _ in range(number))


def packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


HEX = "0123456789abcdef"
UPPER = string.ascii_uppercase + "234567"
PEM = (
    "-----BEGIN RSA "
    + "PRIVATE KEY-----\n"
    + drawn(64)
    + "\n"
    + drawn(64)
    + "\n-----END RSA PRIVATE KEY-----\n"
)
SECRETS = {
    "private_key": PEM,
    "aws_key": "AKIA" + drawn(16, UPPER),
    "aws_secret": "aws_secret_access_key = " + drawn(40),
    "github_token": "ghp_" + drawn(36),
    "gitlab_token": "glpat-" + drawn(20),
    "hub_token": "hf_" + drawn(34, LETTERS),
    "openai_key": "sk-" + drawn(20) + "T3BlbkFJ" + drawn(20),
    "anthropic_key": "sk-ant-" + "api03-" + drawn(93),
    "google_key": "AIza" + drawn(35),
    "google_account": '"private_key_id": "' + drawn(40, HEX) + '"',
    "slack_token": "xoxb-" + drawn(12, string.digits) + "-" + drawn(24),
    "slack_address": f"https://hooks.slack.com/services/T{drawn(9, UPPER)}/B{drawn(9, UPPER)}/{drawn(24)}",
    "stripe_key": "sk_live_" + drawn(24),
    "npm_token": "npm_" + drawn(36),
    "pypi_token": "pypi-AgE" + drawn(80),
    "steward_token": "stw_" + drawn(43),
    "azure_key": "AccountKey=" + drawn(86) + "==",
    "wandb_key": "WANDB_API_KEY=" + drawn(40, HEX),
    "azure_secret": "3xZ8Q~" + drawn(34),
    "azure_signature": f"https://a.blob.core.windows.net/c?sv=2024-11-04&sig={drawn(43)}%3D",
    "databricks_token": "dapi" + drawn(32, HEX),
    "digitalocean_token": "dop_v1_" + drawn(64, HEX),
    "docker_token": "dckr_pat_" + drawn(27),
    "registry_login": '{"auths": {"host": {"auth": "' + packed("mara:" + drawn(14)) + '"}}}',
    "kaggle_key": '{"username":"mara","key":"' + drawn(32, HEX) + '"}',
    "vault_token": "hvs." + drawn(24),
}
MILDER = {
    "signed_token": "eyJ" + drawn(20) + ".eyJ" + drawn(40) + "." + drawn(43),
    "address_password": "postgresql://app:" + drawn(14) + "@db.internal/main",
    "login_password": "machine host.internal\n  login mara\n  password " + drawn(12),
    "bearer_token": 'headers = {"Authorization": "Bearer ' + drawn(40) + '"}',
    "password": 'password: "' + drawn(18) + '"',
}
LOGINS = {
    "machine": "machine host.internal login mara password Tr4in-kdW9x",
    "curl": "curl -s -u mara:Tr4in-kdW9x https://host.internal/v1",
    "first": "curl -u mara:Tr4in-kdW9x https://host.internal/v1",
    "quoted": "curl --user 'mara:Tr4in-kdW9x' https://host.internal/v1",
}
WRITTEN = {
    "yaml": "db:\n  password: Tr4in-kdW9x",
    "environment": "export DB_PASSWORD=Tr4in-kdW9x",
    "settings": "spring.datasource.password = Tr4in-kdW9x  # of the test server",
    "short": 'password="Tr4inkd9"',
    "subscript": 'os.environ["DB_PASSWORD"] = "Tr4in-kdW9x"',
    "table": '7,"password = ""Tr4in-kdW9x""",x',
    "notebook": '   "%env API_KEY=Tr4in-kdW9x\\n",',
}


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("wrap", ["plain", "json", "notebook", "zip"])
def test_a_secret_is_found_wherever_it_stands(name, wrap):
    secret = SECRETS[name]
    cell = {"cell_type": "code", "source": secret.splitlines(keepends=True), "outputs": []}
    file, content = {
        "plain": (".env", f"# settings\n{secret}\n".encode()),
        "json": ("config.json", json.dumps({"a": secret}).encode()),
        "notebook": ("a.ipynb", json.dumps({"cells": [cell], "nbformat": 4}, indent=1).encode()),
        "zip": ("a.zip", zipped(**{"b.txt": f"x\n{secret}\n".encode()})),
    }[wrap]
    if name == "google_account" and wrap != "plain":
        content = content.replace(b"\\u0022", b'\\"')

    assert ("high", name) in look(leaked_secrets, content, file)[0]


@pytest.mark.parametrize("name", MILDER)
def test_what_may_be_none_is_medium(name):
    assert look(leaked_secrets, f"{MILDER[name]}\n".encode(), "a.yaml")[0] == [("medium", name)]


@pytest.mark.parametrize("way", WRITTEN)
def test_a_password_is_found_however_it_is_written(way):
    assert look(leaked_secrets, f"{WRITTEN[way]}\n".encode(), "a.txt")[0] == [("medium", "password")]


@pytest.mark.parametrize("way", LOGINS)
def test_a_login_is_found_however_it_is_written(way):
    assert look(leaked_secrets, f"{LOGINS[way]}\n".encode(), "a.txt")[0] == [("medium", "login_password")]


@pytest.mark.parametrize("name", SECRETS.keys() - {"private_key"})
def test_the_secret_is_never_shown(name):
    file = io.BytesIO(SECRETS[name].encode())
    file.name = "a.txt"

    (issue, *_) = leaked_secrets.run(file)

    tail = SECRETS[name].rstrip('"=')[-12:]
    assert (tail in issue.message, issue.place) == (False, "line 1")


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "ghp_" + "x" * 36,
        "hf_" + "a" * 34,
        'password = "your-password-here"',
        'api_key: "${API_KEY_FROM_VAULT}"',
        "postgresql://user:password@localhost/db",
        "https://user:****@host.example/x",
        "curl -u user:password https://host/v1",
        'curl -u "$USER:$TOKEN" https://host/v1',
        "machine host login user password your-password",
        '{"auth": "OAuthBearerToken", "to": "bWFyYQ=="}',
        '{"auth": "' + packed("user:password") + '"}',
        "-----BEGIN PUBLIC KEY-----\n" + "A" * 64,
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        '"unk_token": "<unk>", "pad_token": "<|endoftext|>"',
        '"token": "Ġinternationalization"',
        "hf_transfer and hf_hub_download",
        'max_token: "four thousand"',
        "api_key: OPENAI_KEY_OF_THE_TEAM",
        "password = settings.read(team1)",
        'passwd: "letmein"',
        '"-----BEGIN PRIVATE KEY-----", "-----BEGIN EC PRIVATE KEY-----"',
    ],
)
def test_examples_are_passed_over(text):
    assert look(leaked_secrets, f"{text}\n".encode(), "README.md") == ([], {})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("username" + "\\" * 30_000, id="backslashes"),
        pytest.param(
            "-----BEGIN PRIVATE KEY-----\n" + ("Abcd: x" + " " * 60) * 4 + "!", id="lines of a header"
        ),
    ],
)
def test_a_text_made_to_be_read_in_many_ways_takes_no_longer(text):
    begun = time.process_time()

    assert look(leaked_secrets, text.encode(), "a.txt") == ([], {})
    assert time.process_time() - begun < 1


def test_one_across_two_blocks_is_found():
    content = b"x" * (leaked_secrets.BLOCK - 10) + b" " + SECRETS["github_token"].encode()

    assert look(leaked_secrets, content, "a.txt")[0] == [("high", "github_token")]


def test_in_the_sandbox(tmp_path):
    sandbox = Sandbox()

    report = look_in_sandbox(sandbox, tmp_path, SECRETS["npm_token"].encode(), "a.txt", "leaked_secrets")

    assert (report.outcome, [issue.name for issue in report.issues]) == ("done", ["npm_token"])
    sandbox.stop()
