"""Sending a page's form again, as its next button does."""

import re

from django.http import HttpResponse
from django.test import Client

HIDDEN_INPUT = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def carried(response: HttpResponse) -> dict[str, list[str]]:
    """The hidden fields of a page's form, as its next button sends them."""
    fields: dict[str, list[str]] = {}
    for name, value in HIDDEN_INPUT.findall(response.content.decode()):
        fields.setdefault(name, []).append(value)
    fields.pop("csrfmiddlewaretoken", None)
    return fields


def press(
    client: Client, url: str, response: HttpResponse, step: str = "", **changes
) -> HttpResponse:
    """Sends the form of a page again, with the button ``step``."""
    return client.post(url, {**carried(response), **changes, "step": step})
