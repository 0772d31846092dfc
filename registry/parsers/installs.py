"""What installers fetch: package indexes and archives from places that nobody vouches for.

Sources: pip's requirements file format, "Dependency confusion" (A. Birsan, 2021), conda's environment files,
Pipenv, npm. An index beside the public one may answer for any name, so unknown ones are told as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from registry.parsers import words

# By their last label.
KNOWN = {
    "ai": "data.dgl flashinfer wheels.vllm",
    "cn": """
        mirrors.tuna.tsinghua.edu pypi.mirrors.ustc.edu pypi.tuna.tsinghua.edu www.paddlepaddle.org
        """,
    "co": "huggingface",
    "com": """
        developer.download.nvidia dl.fbaipublicfiles download.openmmlab github gitlab mirrors.aliyun
        mirrors.cloud.tencent objects.githubusercontent paddle-wheel.bj.bcebos pypi.douban
        pypi.ngc.nvidia pypi.nvidia pytorch-extension.intel pytorch-geometric raw.githubusercontent
        registry.yarnpkg repo.anaconda s3.amazonaws software.repos.intel storage.googleapis
        """,
    "io": "abetlen.github repo.continuum",
    "org": """
        alpha.release.flyte anaconda bitbucket codeberg conda.anaconda data.pyg download-r2.pytorch
        download.pytorch download.tensorflow files.pythonhosted pypi.anaconda pypi pypi.python
        registry.npmjs test.pypi
        """,
}
HOSTS = frozenset(f"{name}.{last}" for last, names in KNOWN.items() for name in words(names))
ADDRESS = r"(https?)://(?:[^@/\s'\"]{1,100}@)?([\w.-]{1,200})"
INDEX = re.compile(
    r"(?:--(?:extra-)?index-url|--find-links|(?<![\w-])-[if]|\b(?:extra[-_])?index[-_]url|\bregistry|\bchannel_alias|"
    rf"\bfind-links|\[\[source\]\]\s*url)[\s=:]{{1,9}}['\"]?{ADDRESS}",
    re.IGNORECASE,
)
CHANNEL = re.compile(rf"^\s*-\s*['\"]?{ADDRESS}[^\s'\"]*['\"]?\s*$", re.MULTILINE)
ARCHIVE = re.compile(rf"{ADDRESS}/[^\s'\"#]{{0,500}}\.(?:whl|tar\.gz|tgz|zip|tar\.bz2)\b", re.IGNORECASE)
SOURCE = re.compile(
    r"\b(?:git|hg|svn|bzr)\+(https?|ssh|git)://(?:[^@/\s]{1,100}@)?([\w.-]{1,200})", re.IGNORECASE
)
UNVERIFIED = re.compile(
    r"--trusted-host\b|^\s*trusted-host\s*=|\bverify_ssl\s*[=:]\s*['\"]?(?:false|no)\b", re.I | re.M
)
OWN_HOSTS = re.compile(r"^(?:git|gitlab|github|gitea|bitbucket)\.|\.s3[.\w-]*\.amazonaws\.com$|\.github\.io$")


def strange(text: str) -> Iterator[str]:
    """Hosts that packages would come from, and what switches the checking of certificates off."""
    for pattern in (INDEX, CHANNEL, ARCHIVE, SOURCE):
        for scheme, host in pattern.findall(text):
            if not vouched_for(scheme.lower(), host.lower()):
                yield host
    if UNVERIFIED.search(text):
        yield "a host whose certificate nobody looks at"


def vouched_for(scheme: str, host: str) -> bool:
    if host in {"localhost", "127.0.0.1"}:
        return True
    return scheme != "http" and scheme != "git" and (host in HOSTS or bool(OWN_HOSTS.search(host)))
