"""Writing a proposal: enter → check → published, or kept as a draft."""

from collections.abc import Collection, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from core.errors import StaleVersion
from core.views import CheckedFormView, posted_version
from members.models import Office, Seat
from members.views.acting import SeatMixin
from proposals import queries, rules, services
from proposals.enums import ProposalStatus
from proposals.forms import ProposalForm
from proposals.models import Proposal
from proposals.services import CONTENT_FIELDS
from proposals.services.telling import ToldCount, told_count
from proposals.views.one import OneProposalMixin

SAVED = "下書きを保存しました。同じ団体の担当者が続きを書け、決裁用に印刷できます。"
PUBLISHED = "提案を公開しました。{}申し出や返信が届くと、通知でお知らせします。"
TOLD = "{0.organizations}団体 {0.people}人にお知らせしました。"
CHANGED = "提案を変更しました。変更の前の内容は「以前の内容」で読めます。"
RELATED = "関連する提案を結び付けました。"
UNCHANGED = "変更した項目はありませんでした。"


class ProposalFormView(CheckedFormView):
    """The form of a proposal; ``step`` draft keeps it as it is.

    The check page lists similar ones; before it is published, it says who will be told.
    """

    form_class = ProposalForm
    check_template_name = "proposals/proposal_check.html"
    final_steps = ("done", "draft")
    office: Office
    seat: Seat
    told: ToldCount | None = None
    similar: Sequence[queries.Similar] = ()
    # Those ticked already, and those of them that are not among the similar ones any more.
    related: Sequence[Proposal] = ()
    others: Sequence[Proposal] = ()

    def get_form_kwargs(self) -> dict[str, Any]:
        is_draft = self.step == "draft"
        own = {"by": self.seat, "author": self.office.organization, "incomplete": is_draft}
        if ticked := self.request.POST.getlist("related"):
            own["related"] = queries.linkable(self.request.user, ticked)
        return {**super().get_form_kwargs(), **own}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("steps", ["内容を入力", "内容を確認", "公開"])
        return super().get_context_data(
            office=self.office,
            told=self.told,
            similar=self.similar,
            related=self.related,
            others=self.others,
            **kwargs,
        )

    def foresee(self, form: ProposalForm) -> ToldCount:
        """Looks up whom its publishing would tell."""
        data, office = form.data_for_services, self.office
        typed = form.typed_proposal(
            office=office, organization=office.organization, status=ProposalStatus.OPEN
        )
        self.told = told_count(typed, wards=data["wards"], themes=data["themes"], by=self.seat)
        return self.told

    def compare(self, form: ProposalForm, but: Collection[int] = ()) -> None:
        """Looks up the similar ones, without those with the ids ``but``: its own, and linked ones."""
        data = form.data_for_services
        alike = queries.similar_to(
            self.request.user, title=data["title"], themes=list(data["themes"]), but=but
        )
        self.similar = [row for row in alike if rules.may_relate(self.seat, row.proposal)]
        # The check page has boxes for them: they are no answer to be mended above, or carried.
        self.related = list(form.cleaned_data.get("related", ()))
        shown = [row.proposal for row in self.similar]
        self.others = [row for row in self.related if row not in shown]
        form.fields.pop("related", None)

    def keep_draft(self, proposal: Proposal | None, form: ProposalForm, **version: int) -> str:
        """Saves the draft, tells so, and returns its address."""
        draft = services.save_draft(proposal, **self.answers(form), **version)
        messages.success(self.request, SAVED)
        return draft.get_absolute_url()

    def publish(self, proposal: Proposal | None, form: ProposalForm, **version: int) -> str:
        """Publishes, says so and how many were told, and returns the proposal's address."""
        told = self.foresee(form)
        related = form.cleaned_data.get("related", ())
        published = services.publish(proposal, related=related, **self.answers(form), **version)
        messages.success(self.request, PUBLISHED.format(TOLD.format(told) if told.people else ""))
        return published.get_absolute_url()

    def answers(self, form: ProposalForm) -> dict[str, Any]:
        """What was answered, with the files, and whose answers they are."""
        files = form.cleaned_data["attachments"]
        return {"data": form.data_for_services, "files": files, "by": self.seat}


class ProposalCreate(SeatMixin, ProposalFormView):
    """A new proposal of the acting seat's organization.

    ``gone``: what was typed was meant for a proposal that is no longer there. The form shows
    it again, says so (404), and goes on as a new proposal.
    """

    template_name = "proposals/proposal_create.html"
    gone = False

    def admit(self) -> None:
        self.act_by(rules.may_add, None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.gone:
            return self.render_to_response(self.get_context_data(), status=404)
        return super().post(request, *args, **kwargs)

    @property
    def office(self) -> Office:
        return self.seat.office

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = [s for s in self.request.user.current_seats if s != self.seat and rules.may_add(s)]
        return super().get_context_data(
            seat=self.seat, other_seats=others, gone=self.gone, **kwargs
        )

    def form_checked(self, form: ProposalForm) -> HttpResponse:
        self.foresee(form)
        self.compare(form)
        return super().form_checked(form)

    def perform(self, form: ProposalForm) -> str:
        act = self.keep_draft if self.step == "draft" else self.publish
        return act(None, form)


class ProposalUpdate(OneProposalMixin, ProposalFormView):
    """Goes on with a draft, or changes what is published."""

    rule = staticmethod(rules.writes_it)
    template_name = "proposals/proposal_update.html"
    changed: Sequence[queries.Difference] = ()

    @property
    def office(self) -> Office:
        return self.proposal.office

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            # Deleted by a colleague while this one was typing, or never to be seen: the answer
            # is the same, so that it tells nothing, and no text is lost.
            if request.method == "POST" and self.seat_for(rules.may_add, None):
                return ProposalCreate.as_view(gone=True)(request)
            raise

    @property
    def final_steps(self) -> tuple[str, ...]:
        return ("done", "draft") if self.proposal.is_draft else ("done",)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.may_change(self.seat, self.proposal):
            state = self.proposal.shown_status_label
            messages.warning(request, f"{state}の提案は変更できません。")
            return HttpResponseRedirect(self.proposal.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        initial = {name: getattr(self.proposal, name) for name in CONTENT_FIELDS}
        chosen = {
            name: [row.pk for row in getattr(self.proposal, name).all()]
            for name in ("themes", "wards")
        }
        return initial | chosen

    def get_form_kwargs(self) -> dict[str, Any]:
        former_end = None if self.proposal.is_draft else self.proposal.ends_on
        kwargs = super().get_form_kwargs()
        return {**kwargs, "proposal": self.proposal, "former_end": former_end}

    def form_checked(self, form: ProposalForm) -> HttpResponse:
        if posted_version(self.request) != self.proposal.version:
            form.add_error(None, str(StaleVersion()))
            return self.form_stale(form)
        if self.proposal.is_draft:
            self.foresee(form)
        linked = self.proposal.related.values_list("pk", flat=True)
        self.compare(form, but=[self.proposal.pk, *linked])
        self.changed = self.differences(form)
        return super().form_checked(form)

    def form_stale(self, form: ProposalForm) -> HttpResponse:
        """Keeps what was typed, and shows what a colleague has saved meanwhile."""
        # Read again: the colleague may have saved after this request began.
        self.proposal = Proposal.objects.with_author().get(pk=self.proposal.pk)
        conflicts = self.differences(form)
        context = self.get_context_data(
            form=form, version=self.proposal.version, conflicts=conflicts, stale=True
        )
        return self.render_to_response(context, status=409)

    def differences(self, form: ProposalForm) -> list[queries.Difference]:
        """What the answers of a valid form would change."""
        by_ward = self.proposal.organization.is_ward
        return queries.differences(self.proposal.content(), form.typed_content(), by_ward=by_ward)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # What was read when the form was opened, not what is saved now.
        is_sent = self.request.method == "POST"
        version = posted_version(self.request) if is_sent else self.proposal.version
        kwargs.setdefault("version", version)
        if not self.proposal.is_draft:
            kwargs["steps"] = ["内容を入力", "内容を確認", "変更"]
        return super().get_context_data(changed=self.changed, **kwargs)

    def perform(self, form: ProposalForm) -> str:
        version = posted_version(self.request)
        if self.step == "draft":
            return self.keep_draft(self.proposal, form, version=version)
        if self.proposal.is_draft:
            return self.publish(self.proposal, form, version=version)
        return self.change(form, version)

    def change(self, form: ProposalForm, version: int) -> str:
        """Changes the proposal, links it with what was ticked, tells so, and returns its address."""
        proposal = services.change(self.proposal, **self.answers(form), version=version)
        related = form.cleaned_data.get("related", ())
        if proposal.version != version:
            messages.success(self.request, CHANGED)
        elif not related:
            messages.info(self.request, UNCHANGED)
        if related:
            services.relate(proposal, related, by=self.seat)
            messages.success(self.request, RELATED)
        return proposal.get_absolute_url()
