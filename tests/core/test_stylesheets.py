"""The stylesheets: their layers, what each page links, and what they weigh together."""

import gzip
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates"
STYLES = settings.BASE_DIR / "static" / "css"
# Those of the portal's own pages. Django's sheets of the admin are in no layer, and ours for it
# would lose against them if they were in one.
SHEETS = set(STYLES.glob("*.css")) - set(STYLES.glob("admin*.css"))
LAYERS = "@layer tokens, base, layout, parts, print;"
PAGE_LIMIT = 16_000
COMMON_LIMIT = 12_000


@cache
def source(name: str) -> str:
    """A template without its comments; empty for one that a package brings along."""
    path = TEMPLATES / name
    return re.sub(r"{#.*?#}", "", path.read_text()) if path.exists() else ""


def linked(markup: str) -> list[str]:
    return re.findall(r'{% static "css/(\w+\.css)" %}', markup)


COMMON = linked(source("components/stylesheets.html"))
PAGES = sorted(
    name
    for path in TEMPLATES.rglob("*.html")
    if not (name := path.relative_to(TEMPLATES).as_posix()).startswith(("admin/", "allauth/"))
    and "{% extends " in source(name)
)


def own_sheets(name: str) -> list[str]:
    """What the block "styles" of a page links, with that of the pages it extends."""
    block = re.search(r"{% block styles %}(.*?){% endblock", source(name), re.DOTALL)
    parent = re.search(r'{% extends "([^"]+)"', source(name))
    inherits = block is None or "{{ block.super }}" in block[1]
    above = own_sheets(parent[1]) if parent and inherits else []
    return [*above, *(linked(block[1]) if block else [])]


def parts_of(name: str, seen: set[str] | None = None) -> set[str]:
    """The template, all it extends and includes, and the field where it prints a form."""
    seen = set() if seen is None else seen
    if name not in seen:
        seen.add(name)
        for part in re.findall(r'{%\s*(?:include|extends)\s+"([^"]+)"', source(name)):
            parts_of(part, seen)
        if re.search(r"{{ *[\w.]*form *}}|\.as_field_group", source(name)):
            parts_of("components/field.html", seen)
    return seen


def classes_of(name: str) -> set[str]:
    markup = "".join(re.sub(r"{%.*?%}|{{.*?}}", "", source(part)) for part in parts_of(name))
    return {word for value in re.findall(r'class="([^"]*)"', markup) for word in value.split()}


def without_comments(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)


@cache
def sheets_by_class() -> dict[str, set[str]]:
    """Which sheets style a class by itself; where none does, which mention it at all.

    Paper is left out: print.css names what it hides, on every page.
    """
    alone, mentioned = defaultdict(set), defaultdict(set)
    for path in SHEETS - {STYLES / "print.css"}:
        for heads in re.findall(r"([^{};]+)\{", without_comments(path)):
            for selector in heads.split(","):
                for word in re.findall(r"\.([a-zA-Z][\w-]*)", selector):
                    mentioned[word].add(path.name)
                    if not re.search(r"[ >+~]", selector.strip()):
                        alone[word].add(path.name)
    return {word: alone[word] or sheets for word, sheets in mentioned.items()}


def weight(names: list[str]) -> int:
    return sum(len(gzip.compress((STYLES / name).read_bytes())) for name in names)


class TestLayers:
    def test_the_layers_are_declared_first(self):
        assert COMMON[0] == "tokens.css"
        tokens = (STYLES / "tokens.css").read_text()
        assert tokens.index(LAYERS) < tokens.index("@layer tokens {")

    def test_every_rule_lies_in_a_layer(self):
        for path in SHEETS:
            css = without_comments(path).replace(LAYERS, "")
            while "{" in css:
                css = re.sub(r"\{[^{}]*\}", ";", css)
            heads = [head.strip() for head in css.split(";") if head.strip()]
            assert all(re.fullmatch(r"@layer [a-z]+", head) for head in heads), path.name


class TestSheetsOfAPage:
    def test_what_every_page_loads_leaves_room(self):
        assert weight(COMMON) <= COMMON_LIMIT

    @pytest.mark.parametrize("name", PAGES)
    def test_a_page_names_every_sheet_its_classes_need(self, name: str):
        have = {*COMMON, *own_sheets(name)}
        needed = {
            word: sorted(sheets)
            for word in classes_of(name)
            if (sheets := sheets_by_class().get(word)) and not sheets & have
        }
        assert needed == {}

    @pytest.mark.parametrize("name", PAGES)
    def test_a_page_names_each_sheet_once_and_none_that_is_common(self, name: str):
        own = own_sheets(name)
        assert len(own) == len(set(own))
        assert not set(own) & set(COMMON)
        assert all((STYLES / sheet).exists() for sheet in own)

    @pytest.mark.parametrize("name", PAGES)
    def test_all_sheets_of_a_page_weigh_at_most_16_kilobytes(self, name: str):
        assert weight([*COMMON, *own_sheets(name)]) <= PAGE_LIMIT
