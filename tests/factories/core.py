"""Rows of the core."""

import factory
from factory.django import DjangoModelFactory

from core.models import Source


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    key = factory.Sequence(lambda n: f"source{n}")
    title = factory.Sequence(lambda n: f"見本の資料{n}")
    issuer = "見本県"
