"""Every row that belongs to an organization is spoken for when another one succeeds it."""

import pytest
from django.apps import apps

from members import successions
from members.models import Organization

# What becomes of the rows of each model that points at an organization (docs/adr/0017).
DECIDED = {
    "agreements.AgreementParty": "stays, and is told",
    "agreements.CollaborationParty": "stays, and is told",
    "chronicle.Milestone_organizations": "stays",
    "chronicle.Relief_recipients": "stays",
    "events.Event": "moves until it is published",
    "events.EventRole": "stays",
    "proposals.Offer": "moves while its talk goes on",
    "proposals.OfferDraft": "moves; beneath the successor's own on the same proposal",
    "proposals.Proposal": "moves while it is a draft or live",
    "proposals.Proposal_wards": "stays",
    "proposals.Reply": "stays",
    "proposals.Report": "moves while it waits for the secretariat",
    "proposals.TalkMessage": "stays, and is read with its offer",
}


def test_every_model_with_an_organization_is_decided():
    found = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.many_to_one and field.related_model is Organization
        if model._meta.app_label != "members"
    }
    assert found == set(DECIDED)


def test_every_room_that_tells_or_moves_is_known():
    labels = [item.label for item in successions.all_belongings()]
    assert sorted(labels) == [
        "イベント",
        "協定",
        "申し出の下書き",
        "通報",
        "連携の申し出",
        "連携事業",
        "連携提案",
    ]


def test_a_name_is_taken_once():
    with pytest.raises(ValueError, match="registered already"):
        successions.register("proposals.proposals", successions.Belongings("別のもの"))
