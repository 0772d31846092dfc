"""The forms of keys and tokens, as their makers publish them, and of passwords in settings and addresses.

Sources: GitHub ("Behind GitHub's new authentication token formats"), AWS (IAM identifiers), RFC 7468 and
RFC 7519, and the documentation of each service that is named. A form is looked for only where one of its
`signs` stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from registry.checks import Severity


@dataclass(frozen=True, slots=True)
class Form:
    """`signs` are in lower case. A `sure` form is never an example."""

    name: str
    what: str
    pattern: re.Pattern[bytes]
    signs: tuple[bytes, ...]
    severity: Severity = "high"
    sure: bool = False


def form(
    name: str, what: str, signs: str, *pieces: bytes, severity: Severity = "high", sure: bool = False
) -> Form:
    return Form(name, what, re.compile(b"".join(pieces)), tuple(signs.encode().split()), severity, sure)


FORMS = (
    form(
        "private_key",
        "a private key",
        "private",
        rb"-----BEGIN (?:(?:RSA|EC|DSA|OPENSSH|ENCRYPTED|PGP) )?PRIVATE KEY(?: BLOCK)?-----",
        rb"(?:\\[rn]|\s)+[A-Za-z0-9+/=\\\s:,-]{60}",
        sure=True,
    ),
    form("aws_key", "a key of AWS", "akia asia", rb"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Z0-9])"),
    form(
        "aws_secret",
        "a secret key of AWS",
        "secret",
        rb"(?i:aws_?secret_?(?:access_?)?key)\\?[\"']?\s*[:=]\s*\\?[\"']?",
        rb"[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])",
    ),
    form("github_token", "a token of GitHub", "ghp_ gho_ ghu_ ghs_ ghr_", rb"\bgh[pousr]_[A-Za-z0-9]{36}\b"),
    form(
        "github_token",
        "a token of GitHub",
        "github_pat_",
        rb"\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b",
    ),
    form("gitlab_token", "a token of GitLab", "glpat-", rb"\bglpat-[A-Za-z0-9_-]{20,}"),
    form("hub_token", "a token of Hugging Face", "hf_ api_org_", rb"\b(?:hf|api_org)_[A-Za-z]{34}\b"),
    form("openai_key", "a key of OpenAI", "t3blbkfj", rb"\bsk-[A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20,}"),
    form("anthropic_key", "a key of Anthropic", "sk-ant-", rb"\bsk-ant-[a-z]{3}\d\d-[A-Za-z0-9_-]{80,}"),
    form("google_key", "a key of Google", "aiza", rb"\bAIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])"),
    form(
        "google_account",
        "a service account of Google",
        "private_key_id",
        rb"\"private_key_id\\?\"\s*:\s*\\?\"[0-9a-f]{40}",
        sure=True,
    ),
    form("slack_token", "a token of Slack", "xox", rb"\bxox[abposr]-(?:\d{8,}-){1,3}[A-Za-z0-9-]{16,}"),
    form(
        "slack_address",
        "an address of Slack that takes messages",
        "hooks.slack.com",
        rb"hooks\.slack\.com/services/T[A-Z0-9]{8,}/B[A-Z0-9]{8,}/[A-Za-z0-9]{24}",
    ),
    form("stripe_key", "a key of Stripe", "k_live_", rb"\b[rs]k_live_[A-Za-z0-9]{24,}"),
    form("npm_token", "a token of npm", "npm_", rb"\bnpm_[A-Za-z0-9]{36}\b"),
    form("pypi_token", "a token of PyPI", "pypi-age", rb"\bpypi-AgE[A-Za-z0-9_-]{60,}"),
    form("steward_token", "a token of Steward", "stw_", rb"\bstw_[A-Za-z0-9_-]{32,}"),
    form("azure_key", "a key of Azure storage", "accountkey=", rb"AccountKey=[A-Za-z0-9+/]{86}=="),
    form(
        "wandb_key",
        "a key of Weights & Biases",
        "wandb",
        rb"(?i:wandb[_a-z]{0,20}key)\\?[\"']?\s*[:=]\s*\\?[\"']?[0-9a-f]{40}\b",
    ),
    form(
        "signed_token",
        "a signed token (JWT)",
        "eyj",
        rb"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}",
        severity="medium",
    ),
    form(
        "address_password",
        "a password in an address",
        "://",
        rb"\b(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|redis|amqps?|https?|ftp)://[^\s:/@\"'<>]{1,64}:",
        rb"[^\s:/@\"'<>]{6,64}@[\w.-]+",
        severity="medium",
    ),
    form(
        "password",
        "a password",
        "passw apikey api_key api-key secret token",
        rb"(?i:\b(?:\w{0,20}_)?(?:password|passwd|api[_-]?key|secret[_-]?key|auth[_-]?token|access[_-]?token))",
        rb"\\?[\"']?\s{0,4}[:=]\s{0,4}\\?[\"'][^\s\"'\\]{12,100}\\?[\"']",
        severity="medium",
    ),
)
