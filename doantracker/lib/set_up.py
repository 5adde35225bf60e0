"""Tables of a new database, made at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AlterUniqueTogether, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import AddField
from django.db.migrations.operations.models import IndexOperation
from django.db.migrations.state import ProjectState
from django.db.models import Model


class SetUp(Operation):
    """Make the tables of several models, each as it is after all of `operations`.

    Django draws the models related to a changed one anew after each operation: with all of them related, the time
    grows with the square of their number. Here they are drawn once. The operations may only make models, and add
    fields, indexes and constraints to the models made among them.
    """

    serialization_expand_args: ClassVar = ["operations"]

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations
        made = {operation.name_lower for operation in operations if isinstance(operation, CreateModel)}
        for operation in operations:
            if _changed(operation) not in made:
                msg = f"{operation} does not belong to making the tables: write it after SetUp."
                raise TypeError(msg)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Enter every model into the state before any is drawn."""
        state.__dict__.pop("apps", None)  # a cached property: drawn again when it is asked for
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002 - Django's signature
        to_state: ProjectState,
    ) -> None:
        """Make the tables."""
        for model in self._models(app_label, to_state):
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.create_model(model)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,  # noqa: ARG002 - Django's signature
    ) -> None:
        """Remove the tables, the last made first."""
        for model in reversed([*self._models(app_label, from_state)]):
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.delete_model(model)

    def describe(self) -> str:
        """Return what is done, for the list of migrations."""
        return f"Make the tables of {sum(isinstance(o, CreateModel) for o in self.operations)} models"

    def _models(self, app_label: str, state: ProjectState) -> Iterator[type[Model]]:
        for operation in self.operations:
            if isinstance(operation, CreateModel):
                yield state.apps.get_model(app_label, operation.name)


def _changed(operation: Any) -> str:
    """Return the model an operation makes or adds something to; "" for operations of other kinds."""
    if isinstance(operation, (CreateModel, AlterUniqueTogether)):
        return str(operation.name_lower)
    return str(operation.model_name_lower) if isinstance(operation, (AddField, IndexOperation)) else ""
