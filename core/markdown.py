"""Markdown of news and policy pages, with raw HTML switched off."""

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

# A page's own heading is h1, so its text starts at h2.
_HIGHEST_HEADING = 2
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
_markdown.disable("image")


def render(text: str) -> SafeString:
    """``text`` as HTML. Raw HTML in it is shown as text; links lead only to safe schemes."""
    tokens = _markdown.parse(text)
    for token in tokens:
        _lower_heading(token)
        # The alignment of a table's column would be an inline style, which the policy forbids.
        token.attrs.pop("style", None)
    html: str = _markdown.renderer.render(tokens, _markdown.options, {})
    return mark_safe(html)  # noqa: S308 - markdown-it escapes everything, html=False


def plain(text: str) -> str:
    """The words of ``text`` without its marks, for an excerpt."""
    lines = [token.children or [] for token in _markdown.parse(text) if token.type == "inline"]
    return " ".join("".join(map(_word, line)) for line in lines)


def _word(part: Token) -> str:
    return " " if part.type.endswith("break") else part.content


def _lower_heading(token: Token) -> None:
    if token.type in ("heading_open", "heading_close"):
        level = max(int(token.tag[1]), _HIGHEST_HEADING)
        token.tag = f"h{level}"
