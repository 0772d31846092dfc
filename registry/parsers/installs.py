"""What installers fetch: package indexes and archives from places that nobody vouches for.

Sources: pip's requirements file format, "Dependency confusion" (A. Birsan, 2021), conda's environment files,
Pipenv, npm. An index beside the public one may answer for any name, so unknown ones are told as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from registry.parsers import words

HOSTS = words(
    """
    pypi.org files.pythonhosted.org test.pypi.org pypi.python.org download.pytorch.org download-r2.pytorch.org
    pypi.nvidia.com pypi.ngc.nvidia.com developer.download.nvidia.com storage.googleapis.com data.pyg.org
    pytorch-geometric.com data.dgl.ai wheels.vllm.ai flashinfer.ai download.openmmlab.com conda.anaconda.org
    repo.anaconda.com anaconda.org pypi.anaconda.org repo.continuum.io mirrors.aliyun.com
    pypi.tuna.tsinghua.edu.cn mirrors.tuna.tsinghua.edu.cn pypi.mirrors.ustc.edu.cn mirrors.cloud.tencent.com
    pypi.douban.com registry.npmjs.org registry.yarnpkg.com github.com raw.githubusercontent.com
    objects.githubusercontent.com gitlab.com bitbucket.org huggingface.co codeberg.org dl.fbaipublicfiles.com
    s3.amazonaws.com download.tensorflow.org paddle-wheel.bj.bcebos.com www.paddlepaddle.org.cn
    software.repos.intel.com pytorch-extension.intel.com abetlen.github.io localhost 127.0.0.1
    alpha.release.flyte.org
    """
)
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
