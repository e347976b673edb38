"""How an organization introduces itself: the service, its form and its pages."""

from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core import once
from core.audit import history_of
from core.errors import DomainError, NotAllowed, StaleVersion
from core.files import FileChange, Uploader, receive
from core.models import Attachment, AuditEntry, OutboxMail
from members import services
from members.enums import Action, Role
from members.models import Organization
from members.services import LinkTo
from tests import office_files as made
from tests.factories.members import SeatFactory, ThemeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("attachments_directory")]

TEXTS = {
    "introduction": "城下町の暮らしを伝える町です。",
    "specialities": "冬の味覚",
    "seeks": "合宿を受け入れる自治体",
    "provides": "雪と指導員",
    "website": "https://www.city.example.lg.jp/",
}
LINKS = [
    LinkTo("観光の案内", "https://kanko.example.jp/"),
    LinkTo("移住", "https://iju.example.jp/"),
]


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


def change(seat, data=None, *, version=1, **kwargs) -> Organization:
    given = {**TEXTS, "themes": [], "links": LINKS} if data is None else data
    return services.change_profile(seat.organization, given, version=version, by=seat, **kwargs)


def picture(seat) -> FileChange:
    row = receive(made.upload(made.picture(), "港.jpg"), by=Uploader.of(seat), level="public")
    return FileChange(added=[row], outcome=[row])


class TestChangeProfile:
    def test_it_is_kept_found_and_written_down(self, deputy):
        theme = ThemeFactory(name="観光")
        body = change(deputy, {**TEXTS, "themes": [theme], "links": LINKS})
        body.refresh_from_db()
        assert {name: getattr(body, name) for name in TEXTS} == TEXTS
        assert [LinkTo(link.label, link.url) for link in body.profile_links.all()] == LINKS
        assert (body.profile_version, str(body.profile_updated_at.date())) == (2, "2026-11-22")
        assert Organization.objects.introduced_by("冬の 味覚").get() == body
        # Whoever looks for a body by its name means none that mentions it.
        assert not Organization.objects.found_by("冬の味覚").exists()
        (entry,) = history_of(body)
        assert entry.action == Action.CHANGE_PROFILE
        assert entry.changes["themes"] == [[], ["観光"]]
        assert entry.changes["profile_links"][1][0] == "観光の案内 https://kanko.example.jp/"
        assert not OutboxMail.objects.exists()

    def test_nothing_different_leaves_no_trace(self, lead):
        change(lead)
        again = change(lead, version=2)
        assert again.profile_version == 2
        assert AuditEntry.objects.count() == 1

    def test_links_keep_the_order_they_are_given(self, lead):
        change(lead)
        body = change(lead, {"links": LINKS[::-1]}, version=2)
        assert [link.label for link in body.profile_links.all()] == ["移住", "観光の案内"]

    def test_a_picture_is_described_and_goes_with_its_description(self, lead):
        with pytest.raises(DomainError, match="写真の説明"):
            change(lead, {}, picture=picture(lead))
        assert not lead.organization.attachments.exists()
        body = change(lead, {"picture_text": "港の朝"}, picture=picture(lead))
        (row,) = body.attachments.all()
        assert body.picture == row
        body = change(lead, {}, version=2, picture=FileChange(removed=[row]))
        assert (body.picture, body.picture_text) == (None, "")

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            ({"links": [LinkTo(f"{n}", f"https://{n}.example.jp/") for n in range(6)]}, "5つまで"),
            ({"links": LINKS, "stale": True}, "ほかの担当者が先に"),
        ],
    )
    def test_a_refusal_changes_nothing(self, lead, data, sentence):
        version = 7 if data.pop("stale", False) else 1
        with pytest.raises(DomainError, match=sentence):
            change(lead, {**TEXTS, **data}, version=version)
        body = Organization.objects.get(pk=lead.organization.pk)
        assert (body.introduction, body.profile_version) == ("", 1)
        assert not AuditEntry.objects.exists()

    def test_two_pictures_are_one_too_many(self, lead):
        rows = [*picture(lead).added, *picture(lead).added]
        with pytest.raises(DomainError, match="1枚"):
            change(lead, {"picture_text": "港"}, picture=FileChange(added=rows))
        assert Attachment.objects.exclude(loose_since=None).count() == 2

    @pytest.mark.parametrize("who", ["reader", "other_lead", "staff"])
    def test_only_the_own_leads_and_deputies_may(self, request, office, lead, who):
        seat = request.getfixturevalue(who)
        with pytest.raises(NotAllowed):
            services.change_profile(office.organization, TEXTS, version=1, by=seat)
        assert not AuditEntry.objects.exists()

    def test_who_reads_an_old_version_is_refused(self, lead, deputy):
        change(lead)
        with pytest.raises(StaleVersion):
            change(deputy)


class TestProfileUpdate:
    """The page: enter → check → shown."""

    def url(self, seat) -> str:
        return reverse("members:profile_update", args=[seat.organization.pk])

    def sent(self, seat, step="check", **changes) -> dict:
        typed = {**TEXTS, "links": "\n".join(map(str, LINKS)), "picture_text": ""}
        own = {"seat": str(seat.pk), "version": "1", "token": once.new_token(), "step": step}
        return typed | own | changes

    def test_it_is_entered_checked_and_shown_to_everybody(self, client_of, lead):
        client, url = client_of(lead), self.url(lead)
        assertContains(client.get(url), "2,000文字まで。")
        theme = ThemeFactory(name="観光")
        upload = made.upload(made.picture(), "港.jpg")
        sent = self.sent(lead, themes=[theme.pk], picture=upload, picture_text="港の朝")
        checked = client.post(url, sent)
        for text in ("内容を確認して公開してください", "冬の味覚", "港（JPEG、", "港の朝", "観光"):
            assertContains(checked, text)
        assert not AuditEntry.objects.exists()
        row = Attachment.objects.get()
        done = self.sent(
            lead,
            "done",
            **{"themes": [theme.pk], "picture-kept": row.key, "picture_text": "港の朝"},
        )
        page = lead.organization.get_absolute_url()
        assertRedirects(client.post(url, done), page, fetch_redirect_response=False)

        public = Client().get(page)
        for text in (
            "城下町の暮らしを伝える町です。",
            '<a href="https://kanko.example.jp/">観光の案内（外部サイト）</a>',
            f'<img src="{row.get_thumbnail_url()}" alt="港の朝">',
            '紹介の更新：<time datetime="2026-11-22">2026年（令和8年）11月22日</time>',
        ):
            assertContains(public, text)
        thumbnail = Client().get(row.get_thumbnail_url())
        assert thumbnail.status_code == HTTPStatus.OK
        assert b"".join(thumbnail).startswith(b"\xff\xd8")

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"introduction": "あ" * 2001}, "紹介は2000文字以内で入力してください"),
            ({"website": "https://pc.local/"}, "ホームページには、インターネットから見られる"),
            (
                {"links": "https://a.example.jp/"},
                "は、ページの名前、空白、URLの順に入力してください",
            ),
            ({"links": "名簿 http://10.1.2.3/"}, "「名簿」のあとには、インターネットから"),
            ({"links": "名簿　ページ"}, "「名簿」のあとには、インターネットから"),
            ({"links": "名簿 https://a..jp/"}, "「名簿」のあとには、インターネットから"),
            ({"links": f"{'あ' * 41} https://a.example.jp/"}, "40文字以内にしてください"),
            ({"links": "あ https://a.jp/\nい https://a.jp/"}, "「https://a.jp/」が2回あります"),
            (
                {"links": "\n".join(f"{n} https://{n}.example.jp/" for n in range(6))},
                "リンクは5行以内で入力してください（現在6行）",
            ),
        ],
    )
    def test_what_it_refuses_is_said_and_kept(self, client_of, lead, changes, sentence):
        response = client_of(lead).post(self.url(lead), self.sent(lead, **changes))
        assertContains(response, sentence, status_code=422)
        assertContains(response, "冬の味覚", status_code=422)
        assert not AuditEntry.objects.exists()

    def test_a_picture_needs_its_description(self, client_of, lead):
        sent = self.sent(lead, picture=made.upload(made.picture(), "港.jpg"))
        response = client_of(lead).post(self.url(lead), sent)
        assertContains(response, "写真の説明を入力してください", status_code=422)
        # What was accepted stands on the page, to be sent again.
        assertContains(response, str(Attachment.objects.get().key), status_code=422)

    def test_who_was_slower_sees_what_is_saved_and_may_replace_it(self, client_of, lead, deputy):
        change(deputy, {"introduction": "先に書いた紹介"})
        client, url = client_of(lead), self.url(lead)
        for step in ("check", "done"):
            response = client.post(url, self.sent(lead, step))
            assertContains(response, "先に書いた紹介", status_code=HTTPStatus.CONFLICT)
            assertContains(response, 'name="version" value="2"', status_code=HTTPStatus.CONFLICT)
        assert (
            client.post(url, self.sent(lead, "done", version="2")).status_code == HTTPStatus.FOUND
        )
        assert lead.organization.__class__.objects.get(
            pk=lead.organization.pk
        ).introduction.startswith("城下町")

    def test_a_second_sending_shows_the_first_result(self, client_of, lead):
        client, sent = client_of(lead), self.sent(lead, "done")
        first, second = (client.post(self.url(lead), sent) for _ in range(2))
        assert first["Location"] == second["Location"]
        assert AuditEntry.objects.count() == 1

    def test_another_persons_upload_is_not_taken(self, client_of, lead, other_lead):
        row = picture(other_lead).added[0]
        sent = self.sent(lead, "done", **{"picture-kept": row.key, "picture_text": "港"})
        response = client_of(lead).post(self.url(lead), sent)
        assertContains(response, "時間がたったため残っていません", status_code=422)
        assert not lead.organization.attachments.exists()


class TestShown:
    def page(self, seat, client) -> str:
        return client.get(seat.organization.get_absolute_url())

    def test_who_may_write_is_told_what_is_missing(self, client_of, lead, deputy):
        empty = self.page(lead, client_of(lead))
        assertContains(empty, "団体の紹介がまだありません")
        assertContains(empty, reverse("members:profile_update", args=[lead.organization.pk]))
        change(lead, {"introduction": "町です。", "website": "https://a.example.jp/"})
        response = self.page(lead, client_of(deputy))
        assertContains(
            response, "特色・得意なこと、求めること、提供できること、関心のある分野、写真"
        )

    @pytest.mark.parametrize("who", ["reader", "other_lead", "staff", None])
    def test_nobody_else_is(self, request, client, client_of, lead, who):
        reading = client_of(request.getfixturevalue(who)) if who else client
        empty = self.page(lead, reading)
        assertNotContains(empty, "団体の紹介")
        change(lead, {"introduction": "町です。"})
        response = self.page(lead, reading)
        assertContains(response, "団体の紹介")
        assertNotContains(response, "まだ書かれていない項目")
        assertNotContains(response, "/profile/")

    def test_the_public_reads_names_and_profiles_only(self, client, client_of, lead):
        """No phone, no address of mail, no name of staff (domain.md)."""
        SeatFactory(office=lead.office, role=Role.DEPUTY)
        change(lead)
        office = lead.office
        office.fax, office.extension = "0776-50-3099", "4321"
        office.save()
        private = [
            office.phone,
            office.fax,
            office.email,
            office.name,
            office.address,
            lead.user.display_name,
            lead.user.email,
            office.get_absolute_url(),
        ]
        public = self.page(lead, client).content.decode()
        assert [text for text in private if text in public] == []
        assert office.name in self.page(lead, client_of(lead)).content.decode()

    def test_text_is_text(self, client, lead):
        change(lead, {"introduction": "<script>alert(1)</script>\n2行目"})
        assertContains(self.page(lead, client), "&lt;script&gt;alert(1)&lt;/script&gt;\n2行目")
