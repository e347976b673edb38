"""The migration that makes a search index."""

from typing import Any

from django.db.migrations.operations.base import Operation

from core.search.indexes import index_of


class BuildSearchIndex(Operation):
    """Makes the index over a ``SearchTextField``, with the rows that are there.

    Goes back by dropping it. The state of the models knows nothing of it.
    """

    reversible = True

    def __init__(self, model_name: str, name: str = "search_text") -> None:
        self.model_name = model_name
        self.name = name

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._index(app_label, to_state).create(
            schema_editor.execute, schema_editor.connection.vendor
        )

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._index(app_label, from_state).drop(
            schema_editor.execute, schema_editor.connection.vendor
        )

    def _index(self, app_label: str, state: Any) -> Any:
        model = state.apps.get_model(app_label, self.model_name)
        return index_of(model._meta.get_field(self.name))

    def describe(self) -> str:
        return f"Builds the search index of {self.model_name}.{self.name}"
