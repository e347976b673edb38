"""One word everywhere: an address, its view, its template and its tests bear the same name."""

import re

import pytest
from django.template.loader import get_template

from core.views import SheetView
from renkei.env import BASE_DIR
from tests.addresses import Address, of_rooms


def camel_case(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def names_of_tests() -> set[str]:
    """The names of all test modules, classes and functions."""
    files = list((BASE_DIR / "tests").rglob("test_*.py"))
    named = re.compile(r"^ *(?:def (test_\w+)|class Test(\w+))", re.MULTILINE)
    return {file.stem for file in files} | {
        function or f"test_{snake_case(name)}"
        for file in files
        for function, name in named.findall(file.read_text())
    }


TESTS = names_of_tests()


@pytest.mark.parametrize("address", of_rooms(), ids=lambda address: address.full_name)
class TestName:
    def test_the_view_class_is_the_name_in_camel_case(self, address: Address):
        assert address.view_class is not None
        assert address.view_class.__name__ == camel_case(address.name)
        assert address.view_class.__module__.startswith(f"{address.room}.views")

    def test_the_template_is_the_name(self, address: Address):
        if not shows_a_page(address):
            return
        assert address.view_class.template_name == f"{address.room}/{address.name}.html"
        get_template(address.view_class.template_name)

    def test_some_test_begins_with_the_name(self, address: Address):
        assert any(name.startswith(f"test_{address.name}") for name in TESTS)


def shows_a_page(address: Address) -> bool:
    """Whether the view has a page of its own: a download has none, and a form's address that
    is only posted to shows its form's page again.
    """
    view = address.view_class
    if issubclass(view, SheetView):
        return False
    return hasattr(view, "render_to_response") and "get" in view.http_method_names
