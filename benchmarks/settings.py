"""The portal's settings, with one address more (``benchmarks.urls``)."""

from renkei.settings import *  # noqa: F403 - all of them

ROOT_URLCONF = "benchmarks.urls"
