"""The forms of keys and tokens, as their makers publish them, and of passwords in settings and addresses.

Sources: GitHub ("Behind GitHub's new authentication token formats"), AWS (IAM identifiers), RFC 7468 and
RFC 7519, and the documentation of each service that is named. A form is looked for only where one of its
`signs` stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from registry.checks import Severity


@dataclass(frozen=True, slots=True)
class Form:
    """`signs` are in lower case. A `sure` form is never an example. One that `follows` is looked for right
    behind its signs alone. Where a pattern has a group `secret`, the rest of it says only what it is."""

    name: str
    what: str
    pattern: re.Pattern[bytes]
    signs: tuple[bytes, ...]
    severity: Severity = "high"
    sure: bool = False
    follows: bool = False

    def found(self, data: bytes, plain: bytes) -> Iterator[re.Match[bytes]]:
        """In the order of the text; `plain` is the same in lower case."""
        if not self.follows:
            return self.pattern.finditer(data)
        ends = sorted({sign.end() for each in self.signs for sign in re.finditer(re.escape(each), plain)})
        return filter(None, (self.pattern.match(data, end) for end in ends))


def form(
    name: str,
    what: str,
    signs: str,
    *pieces: bytes,
    severity: Severity = "high",
    sure: bool = False,
    follows: bool = False,
) -> Form:
    pattern, beginnings = re.compile(b"".join(pieces)), tuple(signs.encode().split())
    return Form(name, what, pattern, beginnings, severity, sure, follows)


# Between two lines, in a text inside of a text too: a notebook has each line in quotes, a comment a sign.
# What may come any number of times has an end here, and a line of a header ends in nothing that may be a
# break: otherwise there are millions of ways to read a hostile text.
BREAK = rb"(?:\\{1,9}[rn]|[\s\"',|#>*])"
FIELD = rb"[A-Z][A-Za-z-]{3,20}: [^\n\\\"]{0,79}[^\s\\\"',|#>*]"
QUOTE = rb"\\{0,9}[\"'`]{0,2}"  # a table doubles them, a text inside of a text escapes them
QUOTED = rb"\\{0,9}[\"'`]{1,2}"
KEYS = "password passwd apikey api_key api-key secretkey secret_key secret-key clientsecret client_secret"
KEYS += " client-secret authtoken auth_token auth-token accesstoken access_token access-token"

FORMS = (
    form(
        "private_key",
        "a private key",
        "private",
        rb"-----BEGIN (?:(?:RSA|EC|DSA|OPENSSH|ENCRYPTED|PGP) )?PRIVATE KEY(?: BLOCK)?-----",
        rb"%b{1,80}(?:%b%b{1,80}){0,4}[A-Za-z0-9+/]{40}" % (BREAK, FIELD, BREAK),
        sure=True,
    ),
    form("aws_key", "a key of AWS", "akia asia", rb"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Z0-9])"),
    form(
        "aws_secret",
        "a secret key of AWS",
        "secret",
        rb"(?i:aws_?secret_?(?:access_?)?key)%b\]?\s*[:=]\s*%b" % (QUOTE, QUOTE),
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
        rb"%bprivate_key_id%b\s*:\s*%b[0-9a-f]{40}" % (QUOTED, QUOTED, QUOTED),
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
        rb"(?i:wandb[_a-z]{0,20}key)%b\]?\s*[:=]\s*%b[0-9a-f]{40}\b" % (QUOTE, QUOTE),
    ),
    form(
        "azure_signature",
        "a signed address of Azure storage",
        "sig=",
        rb"[?&]sv=20\d\d-[^\s\"'<>]{0,300}?&sig=[A-Za-z0-9%+/]{40,}",
    ),
    form(
        "azure_secret", "a secret of Azure", "q~", rb"(?<![\w~.-])[\w~.-]{3}[78]Q~[\w~.-]{31,34}(?![\w~.-])"
    ),
    form("databricks_token", "a token of Databricks", "dapi", rb"\bdapi[0-9a-f]{32}(?:-\d)?\b"),
    form("docker_token", "a token of Docker Hub", "dckr_", rb"\bdckr_[a-z]at_[\w-]{27,}"),
    form("digitalocean_token", "a token of DigitalOcean", "_v1_", rb"\bdo[oprt]_v1_[0-9a-f]{64}\b"),
    form("vault_token", "a token of Vault", "hvs. hvb.", rb"\bhv[sb]\.[\w-]{24,}"),
    form(
        "kaggle_key",
        "a key of Kaggle",
        "username",
        rb"%busername%b\s*:\s*%b[\w-]{1,60}%b\s*,\s*" % (QUOTED, QUOTED, QUOTED, QUOTED),
        rb"%bkey%b\s*:\s*%b[0-9a-f]{32}%b" % (QUOTED, QUOTED, QUOTED, QUOTED),
        sure=True,
    ),
    form(
        "bearer_token",
        "a token in a header",
        "bearer",
        rb"(?i:authorization%b\]?\s{0,4}[:=,]\s{0,4}f?%bbearer )[\w.~+/-]{20,}" % (QUOTE, QUOTE),
        severity="medium",
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
        "login_password",
        "a password for an address",
        "machine default",
        rb"(?m:^[ \t]*(?:machine\s{1,9}[\w.-]{1,200}|default)\s{1,9}login\s{1,9}"
        rb"\S{1,100}\s{1,9}password\s{1,9})(?P<secret>[^\s]{6,200})",
        severity="medium",
    ),
    form(
        "login_password",
        "a password for an address",
        "curl",
        rb"\bcurl\b(?:(?!\bcurl\b)[^\n|;&]){0,300}?\s(?:-u\s{0,4}|--user[ =])[\"']?"
        rb"[^\s:\"'$]{1,100}:(?P<secret>[^\s\"'$]{6,100})",
        severity="medium",
    ),
    form(
        "registry_login",
        "a login of a registry of images",
        "auth",
        rb"%bauth%b\s*:\s*%b(?P<login>[A-Za-z0-9+/]{12,400}={0,2})%b(?=\s*[,}])"
        % (QUOTED, QUOTED, QUOTED, QUOTED),
    ),
    form(
        "password",
        "a password",
        KEYS,
        rb"%b\]?\s{0,4}[:=]\s{0,4}%b[^\s\"'`\\]{8,100}%b" % (QUOTE, QUOTED, QUOTED),
        severity="medium",
        follows=True,
    ),
    form(
        "password",
        "a password",
        KEYS,
        rb"[ \t]{0,4}[:=][ \t]{0,4}",
        rb"(?=[^\s\d]{0,100}\d)(?=[^\sA-Za-z]{0,100}[A-Za-z])[^\s\"'`#$<>{}()\[\],;\\]{8,100}",
        rb"(?m:(?=[ \t]*(?:\r?$|\Z|[#\"']|\\+[rn])))",
        severity="medium",
        follows=True,
    ),
)
