"""The members come in: the waves of invitations, the board of who has come, and whom to call."""

from typing import Any

from django import forms
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.generic import TemplateView

from core.admin.actions import ServiceFormView
from core.admin.forms import ActionForm
from core.admin.purpose import Extract, FileWithPurpose, PurposeView
from core.audit import Actor
from core.dates import today
from core.models import OutboxMail
from core.sheets import Format, Sheet
from core.templatetags.downloads import export_url
from members import services, starting
from members.enums import SECRETARIAT_KINDS, OrganizationKind, StartState
from members.models import Prefecture
from members.sheets import Line, lines_of, starting_sheet
from members.starting import Member

# Without a prefecture or a state chosen, a page shows as many organizations.
MOST_SHOWN = 200
_KINDS = [choice for choice in OrganizationKind.choices if choice[0] not in SECRETARIAT_KINDS]


class PrefecturesField(forms.ModelMultipleChoiceField):
    """Any of the prefectures, as boxes; none of them means all."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Prefecture.objects.order_by("pk"), required=False, **kwargs)


class WelcomeForm(ActionForm):
    """Whom a wave of invitations is to reach."""

    mailing = forms.CharField(
        label="案内の名前",
        max_length=60,
        help_text="「送信待ちメール」に並ぶ名前です。同じ名前の案内は、1人に1度しか作りません",
    )
    prefectures = PrefecturesField(label="都道府県", help_text="選ばなければ、すべてです")
    kinds = forms.MultipleChoiceField(
        label="団体の種類",
        required=False,
        choices=_KINDS,
        widget=forms.CheckboxSelectMultiple,
        help_text="選ばなければ、すべてです",
    )
    only_silent = forms.BooleanField(
        label="まだ入っていない方だけ",
        required=False,
        initial=True,
        help_text="一度でもログインした方を除きます",
    )

    @property
    def chosen(self) -> dict[str, Any]:
        """What the service asks."""
        data = self.cleaned_data
        return {
            "prefectures": [prefecture.pk for prefecture in data["prefectures"]],
            "kinds": data["kinds"],
            "only_silent": data["only_silent"],
        }


class WriteWelcomes(ServiceFormView):
    """Chooses, counts, and writes the mails of a wave, which the outbox then holds."""

    template_name = "admin/members_welcome.html"
    form_class = WelcomeForm
    title = "「ご利用開始のご案内」を作成"
    button = "人数を確かめる"
    explanation = (
        "条件に合う方に、ログインのしかたとリンクを書いたメールを作ります。"
        "作ったメールは送信されず、「送信待ちメール」で確認してから送信します。"
    )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.model_admin.has_change_permission(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"mailing": f"利用開始のご案内 第{starting.number_of_mailings() + 1}回"}

    def form_valid(self, form: WelcomeForm) -> HttpResponse:
        if self.request.POST.get("step") == "write":
            return super().form_valid(form)
        seats = starting.recipients(mailing=form.cleaned_data["mailing"], **form.chosen)
        return self.render_to_response(self.get_context_data(form=form, counted=_counted(seats)))

    def act(self, form: WelcomeForm, by: Actor) -> str:
        seats = services.write_welcomes(form.cleaned_data["mailing"], by=by, **form.chosen)
        return (
            f"{_counted(seats)['text']}への案内を作りました。"
            "まだ送信していません。内容を確認して送信してください"
        )

    def get_success_url(self) -> str:
        mailing = self.request.POST.get("mailing", "")
        outbox = self.model_admin.admin_site.get_model_admin(OutboxMail)
        return reverse(outbox.url_name("changelist"), query={"q": mailing})


def _counted(seats: list) -> dict[str, Any]:
    organizations = {seat.office.organization_id for seat in seats}
    return {"people": len(seats), "text": f"{len(organizations):,}団体 {len(seats):,}人"}


class BoardFilter(forms.Form):
    """Which members are listed."""

    prefecture = forms.ModelChoiceField(
        Prefecture.objects.order_by("pk"), label="都道府県", required=False, empty_label="すべて"
    )
    state = forms.ChoiceField(
        label="状態", required=False, choices=[("", "すべて"), *StartState.choices]
    )


class StartingPage:
    """Mixed into a page about who has come in, for whoever may see memberships."""

    model_admin: Any = None
    request: HttpRequest
    title = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.model_admin.has_view_or_change_permission(request):
            raise PermissionDenied
        self.filter = BoardFilter(request.GET)
        self.members = starting.members_starting()
        return super().dispatch(request, *args, **kwargs)

    def chosen(self, members: list[Member]) -> list[Member]:
        """Those of ``members`` that the filter asks for; what it cannot read asks for nothing."""
        asked = self.filter.cleaned_data if self.filter.is_valid() else {}
        prefecture, state = asked.get("prefecture"), asked.get("state")
        return [
            member
            for member in members
            if prefecture in (None, member.organization.prefecture)
            and (not state or member.state == state)
        ]

    @property
    def query(self) -> str:
        """The filter as an address carries it on."""
        return self.request.GET.urlencode()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        site = self.model_admin.admin_site
        self.request.current_app = site.name
        return {
            **site.each_context(self.request),
            **super().get_context_data(**kwargs),
            "title": self.title,
            "opts": self.model_admin.opts,
            "filter": self.filter,
            "query": self.query,
        }


class Board(StartingPage, TemplateView):
    """「利用開始の状況」: by prefecture, and the organizations of one prefecture or state."""

    template_name = "admin/members_board.html"
    title = "利用開始の状況"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self.chosen(self.members)
        name = self.model_admin.url_name("board_export")
        return super().get_context_data(
            tallies=starting.tallies(self.members),
            states=list(StartState),
            members=chosen[:MOST_SHOWN],
            count=len(chosen),
            hidden=max(len(chosen) - MOST_SHOWN, 0),
            to_call=len(starting.whom_to_call(chosen)),
            exports=[
                (ending.label, export_url(name, ending, self.request.GET))
                for ending in (Format.XLSX, Format.CSV)
            ],
            **kwargs,
        )


class StartingExtract(StartingPage, PurposeView):
    """The people of the board on a stated purpose; a filter that cannot be read is refused.

    ``name`` is what the log calls the list.
    """

    name = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not BoardFilter(request.GET).is_valid():
            raise BadRequest("the conditions of the board cannot be understood")
        return super().dispatch(request, *args, **kwargs)

    def lines(self) -> list[Line]:
        """Everybody whom the filter asks for."""
        return lines_of(self.chosen(self.members))

    def extract(self) -> Extract:
        asked = self.filter.cleaned_data if self.filter.is_valid() else {}
        chosen = {
            "都道府県": asked.get("prefecture"),
            "状態": StartState(asked["state"]).label if asked.get("state") else "",
        }
        conditions = "、".join(f"{name}：{value}" for name, value in chosen.items() if value)
        return Extract(self.name, len(self.lines()), conditions)

    def get_back_url(self) -> str:
        address = reverse(self.model_admin.url_name("board"))
        return f"{address}?{self.query}" if self.query else address


class Calls(StartingExtract):
    """Whom to call, on A4: the people of members of whom nobody has logged in."""

    title = name = "電話する団体の一覧"
    button = "一覧を表示する"

    def lines(self) -> list[Line]:
        return lines_of(starting.whom_to_call(self.chosen(self.members)))

    def give(self) -> HttpResponse:
        lines = self.lines()
        bodies = {line.member.organization.pk for line in lines}
        context = self.get_context_data(lines=lines, count=len(bodies), day=today())
        return self.response_class(self.request, "admin/members_calls.html", context)


class BoardExport(FileWithPurpose, StartingExtract):
    """The board as a table: everybody, with the numbers to call."""

    name = "利用開始の状況"

    def sheet(self) -> Sheet:
        return starting_sheet(self.lines())
