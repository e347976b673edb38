"""What a browser posts from the form of a proposal."""

from members.models import Theme


def complete(theme: Theme, **changes) -> dict[str, str | list[str]]:
    """The answers of a complete proposal without an end date."""
    return {
        "kind": "seek",
        "title": "港の朝市を区の商店街で",
        "themes": [str(theme.pk)],
        "body": "月に1度、区の商店街で朝市を開きたいと考えています。",
        "wished_from_y": "令和9",
        "wished_from_m": "1",
        "level": "members",
        **changes,
    }
