"""A form is carried out once."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from core import once
from core.models import Submission
from members.models import User
from tests.factories.members import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return UserFactory()


def test_the_second_sending_is_led_to_the_first_result(user):
    token = once.new_token()
    assert once.first_result(token, user) is None
    once.note_result(token, user, "/proposals/1/")
    assert once.first_result(token, user) == "/proposals/1/"
    assert once.first_result(once.new_token(), user) is None


def test_a_parallel_sending_is_rolled_back(user):
    token = once.new_token()
    once.note_result(token, user, "/proposals/1/")
    with pytest.raises(IntegrityError), transaction.atomic():
        once.note_result(token, user, "/proposals/2/")
    assert Submission.objects.get().result_url == "/proposals/1/"


def test_a_token_is_of_the_person_it_was_given_to(user):
    token, other = once.new_token(), UserFactory()
    once.note_result(token, user, "/proposals/1/")
    assert once.first_result(token, other) is None
    once.note_result(token, other, "/proposals/2/")
    assert once.first_result(token, user) == "/proposals/1/"
    assert once.first_result(token, other) == "/proposals/2/"


def test_a_result_may_have_a_long_address(user):
    token, url = once.new_token(), "/admin/chronicle/news/?_changelist_filters=" + "q" * 2000
    once.note_result(token, user, url)
    assert once.first_result(token, user) == url


@pytest.mark.parametrize("token", ["", "nonsense", "1", None, 7, "'; drop table", "a" * 200])
def test_a_forged_token_is_none(token, user):
    assert not once.is_token(token)
    assert once.first_result(token, user) is None


def test_tokens_differ():
    assert once.new_token() != once.new_token()
    assert uuid.UUID(once.new_token()).version == 4
