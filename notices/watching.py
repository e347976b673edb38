"""What a seat may follow: the rooms above register their records in ``AppConfig.ready``."""

from django.db import models

# So many digits fit every column of numbers.
LONGEST_KEY = 18

_models: dict[str, type[models.Model]] = {}


def register(model: type[models.Model]) -> None:
    """Lets records of ``model`` be followed by whoever may read them (``visible_to``)."""
    _models[model._meta.label_lower] = model


def find(kind: str, key: str, user) -> models.Model | None:
    """The record ``key`` of the kind ``proposals.proposal``, if ``user`` may read and follow it."""
    model = _models.get(kind)
    if model is None or not key.isdecimal() or len(key) > LONGEST_KEY:
        return None
    return model._default_manager.visible_to(user).filter(pk=key).first()


def kind_of(record: models.Model) -> str:
    """The kind of ``record``, as a form carries it. Raises ``LookupError`` for any other."""
    kind = record._meta.label_lower
    if kind not in _models:
        raise LookupError(f"{kind} is not registered to be followed")
    return kind
