"""The product's settings with the limits' addresses added: for the second server of a benchmark only."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "script.benchmarks.limits"
