"""Every list of the admin as files."""

import pytest

from tests.downloads import offered, opened
from tests.secretariat import ROWS, exported, secretary_client, url

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize("label", ROWS)
def test_a_download_has_the_rows_of_its_list(label: str):
    for _ in range(2):
        ROWS[label]()
    client = secretary_client("閲覧")
    listed = client.get(url(label, "changelist")).context["cl"].result_count
    _heading, *rows = opened(client, lambda ending: url(label, "export", ending), exported)
    assert len(rows) == listed > 0


def test_a_list_offers_excel_and_csv_of_what_it_shows():
    client = secretary_client("閲覧")
    page = client.get(url("members.organization", "changelist"), {"q": "さかい", "p": "1"})
    address = url("members.organization", "export", "xlsx")
    assert offered(page)["Excelをダウンロード"] == f"{address}?q=%E3%81%95%E3%81%8B%E3%81%84&p=1"
    assert set(offered(page)) == {
        "Excelをダウンロード",
        "CSVをダウンロード",
        "CSV（Shift_JIS）をダウンロード",
    }


def test_another_ending_is_no_file():
    assert secretary_client("閲覧").get(url("members.office", "export", "ods")).status_code == 404
