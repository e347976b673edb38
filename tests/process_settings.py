"""The portal's settings for a process of its own on the database of the running test."""

import os

from renkei.settings import *  # noqa: F403 - all of them

DATABASES["default"]["NAME"] = os.environ["RENKEI_TEST_DATABASE"]  # noqa: F405 - of the settings
