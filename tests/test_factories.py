"""Every factory makes a row that the database and the model accept."""

import pytest

from tests.factories import agreements, chronicle, core, events, members, notices, proposals

FACTORIES = [
    factory
    for module in (agreements, chronicle, core, events, members, notices, proposals)
    for name, factory in vars(module).items()
    if name.endswith("Factory")
    and name != "DjangoModelFactory"
    and factory.__module__ == module.__name__
]


@pytest.mark.django_db
@pytest.mark.parametrize("factory", FACTORIES, ids=lambda factory: factory.__name__)
def test_two_rows_of_a_factory_stand_side_by_side(factory):
    first, second = factory(), factory()
    for row in (first, second):
        row.full_clean()
    assert str(first)
    assert str(second)
