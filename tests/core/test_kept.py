"""What is the same for every reader is read once a minute."""

from core import kept


def test_one_is_read_once():
    answers = iter(["first", "second"])
    assert [kept.one("test", lambda: next(answers)) for _ in range(2)] == ["first", "first"]


def test_of_many_only_those_are_read_that_are_not_kept():
    asked = []

    def read(keys: list[int]) -> dict[int, str]:
        asked.append(keys)
        return {key: f"name {key}" for key in keys if key < 10}

    assert kept.many("test", [1, 2], read) == {1: "name 1", 2: "name 2"}
    assert kept.many("test", {2, 3}, read) == {2: "name 2", 3: "name 3"}
    assert kept.many("test", [2, 99], read) == {2: "name 2"}
    assert kept.many("test", [], read) == {}
    assert asked == [[1, 2], [3], [99]]


def test_a_kept_nothing_is_known():
    assert kept.many("test", [1], lambda keys: {1: None}) == {1: None}
    assert kept.many("test", [1], dict) == {1: None}
