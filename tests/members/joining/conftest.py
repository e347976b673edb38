"""Worlds of joining."""

import pytest

from members.models import Organization
from tests.factories.members import OrganizationFactory


@pytest.fixture
def hamada() -> Organization:
    """島根県浜田市."""
    return OrganizationFactory(municipality__code="322024", municipality__name="浜田市")
