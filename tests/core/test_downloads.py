"""The links to a list's files, and the answer to an address that cannot be understood."""

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.test import Client, RequestFactory

from tests.downloads import offered

pytestmark = [pytest.mark.django_db, pytest.mark.once]


class Rendered:
    """What ``downloads`` prints for a list opened with ``query``."""

    def __init__(self, arguments: str, query: str = "", **context) -> None:
        request = RequestFactory().get(f"/agreements/{query}")
        template = Template("{% load downloads %}{% downloads " + arguments + " %}")
        self.text = template.render(Context(context | {"request": request}))


def addresses(*args, **kwargs) -> list[str]:
    return list(offered(Rendered(*args, **kwargs)).values())


def test_a_list_is_offered_in_three_files():
    assert offered(Rendered('"agreements:agreement_export"')) == {
        "Excel（XLSX）": "/agreements/export.xlsx",
        "CSV": "/agreements/export.csv",
        "CSV（Shift_JIS）": "/agreements/export.csv?encoding=cp932",
    }


def test_the_conditions_of_the_list_are_carried_but_not_its_page():
    assert addresses('"agreements:agreement_export"', "?on=2017-02-27&page=3&encoding=x") == [
        "/agreements/export.xlsx?on=2017-02-27",
        "/agreements/export.csv?on=2017-02-27",
        "/agreements/export.csv?on=2017-02-27&encoding=cp932",
    ]


def test_another_query_or_other_conditions_may_be_given():
    asked = QueryDict("status=open&q=雪")
    xlsx, *_ = addresses('"proposals:proposal_export" query=asked', "?x=1", asked=asked)
    assert xlsx == "/proposals/export.xlsx?status=open&q=%E9%9B%AA"
    xlsx, *_ = addresses('"events:event_export" year=2016 kind=None', "?kind=x&year=2015&a=b")
    assert xlsx == "/events/export.xlsx?a=b&year=2016"


def test_arguments_stand_before_the_ending():
    xlsx, *_ = addresses('"portal:municipality_export" "01"')
    assert xlsx == "/municipalities/01/export.xlsx"


def test_what_is_downloaded_is_named():
    assert "この一覧をダウンロード" in Rendered('"agreements:agreement_export"').text
    named = Rendered('"agreements:agreement_export" what="年表"').text
    assert "年表をダウンロード" in named


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/agreements/export.csv", 200),
        ("/agreements/export.csv?encoding=UTF-8", 200),
        ("/agreements/export.ods", 404),
        ("/agreements/export.", 404),
        ("/agreements/export.csv?encoding=latin-1", 404),
        ("/agreements/export.csv?on=2016-02-30", 400),
        ("/organizations/export.csv?q=" + "a" * 61, 400),
        ("/agreements/export.csv?on=2016-02-30&encoding=x", 400),
    ],
)
def test_an_address_is_answered_as_it_asks(client: Client, address: str, status: int):
    assert client.get(address).status_code == status


def test_a_file_is_only_read(client: Client):
    assert client.post("/agreements/export.csv").status_code == 405
    assert client.head("/agreements/export.csv").status_code == 200
