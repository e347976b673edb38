"""Addresses of pages elsewhere: those that everybody can open."""

import pytest
from django.core.exceptions import ValidationError

from core.addresses import is_public
from core.forms import Form, UrlField
from members.models import ProfileLink


@pytest.mark.parametrize(
    "url",
    [
        "https://www.city.sakai.fukui.jp/",
        "http://example.jp",
        "https://example.jp:8443/a?b=c#d",
        "https://例え.jp/観光",
    ],
)
def test_public(url):
    assert is_public(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "www.example.jp",
        "javascript:alert(1)",
        "ftp://example.jp/",
        "https://",
        "https://intra/",
        "https://localhost/",
        "https://pc.local/",
        "https://portal.asp.lgwan.jp/",
        "https://LGWAN.jp./",
        "https://192.168.0.1/",
        "https://127.1/",
        "https://[::1]/",
        "https://[::1/",
        "https://user@example.jp/",
        "https://bank.example.jp@evil.example/",
        "https://127.0.0.0x1/",
        "https://%31%32%37.0.0.%31/",
        "https://pc.ｌｏｃａｌ/",
        "https://portal.asp.lgwan。jp/",
        "https://evil.example\\.example.jp/",
        "https://example.jp:99999/",
    ],
)
def test_not_public(url):
    assert not is_public(url)


class PageForm(Form):
    page = UrlField(label="ホームページ", required=False)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        (" https://example.jp/ ", "https://example.jp/"),
        ("www.example.jp/a", "https://www.example.jp/a"),
    ],
)
def test_a_field_adds_what_people_leave_out(typed, kept):
    form = PageForm({"page": typed})
    assert form.is_valid()
    assert form.cleaned_data == {"page": kept}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("坂井市 観光", "ホームページは「https://www.example.lg.jp/」の形式で入力してください"),
        (
            "https://portal.asp.lgwan.jp/",
            "ホームページには、インターネットから見られるページのURL（https://…）を入力してください",
        ),
    ],
)
def test_a_field_says_what_it_takes(typed, sentence):
    assert PageForm({"page": typed}).errors == {"page": [sentence]}


def test_a_column_refuses_the_same():
    link = ProfileLink(organization_id=1, label="名簿", url="https://pc.local/")
    with pytest.raises(ValidationError, match="インターネットから見られる"):
        link.clean_fields(exclude=["organization"])
