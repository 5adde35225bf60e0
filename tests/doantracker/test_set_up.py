"""Tables made at once: as after one operation at a time, and removed again."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from doantracker.lib.set_up import SetUp

ID = ("id", models.BigAutoField(primary_key=True))


def two_models() -> list[Operation]:
    """Return operations that make two models, the first with a key to the second and a constraint."""
    key = models.ForeignKey("units.basket", models.CASCADE)
    return [
        migrations.CreateModel("Apple", [ID, ("size", models.IntegerField())]),
        migrations.CreateModel("Basket", [ID]),
        migrations.AddField("apple", "basket", key),
        migrations.AddConstraint("apple", models.UniqueConstraint(fields=["basket", "size"], name="apple_once")),
    ]


def tables() -> set[str]:
    return {name for name in connection.introspection.table_names() if name.endswith(("_apple", "_basket"))}


def apply(operations: Sequence[Operation]) -> ProjectState:
    """Apply operations to an empty project and return the state after them."""
    state = ProjectState()
    migration = type("Migration", (migrations.Migration,), {"operations": operations})("0001", "units")
    with connection.schema_editor() as editor:
        after: ProjectState = migration.apply(state, editor)
    return after


def names_of_apple() -> tuple[set[str], set[str]]:
    """Return names of the columns and of the unique constraints in the table of apples."""
    with connection.cursor() as cursor:
        columns = {c.name for c in connection.introspection.get_table_description(cursor, "units_apple")}
        found = connection.introspection.get_constraints(cursor, "units_apple")
    return columns, {name for name, facts in found.items() if facts["unique"] and not facts["primary_key"]}


@pytest.mark.django_db(transaction=True)
def test_tables_are_as_after_one_operation_at_a_time_and_are_removed_again() -> None:
    before = tables()
    seen = []
    for operations in (two_models(), [SetUp(two_models())]):
        state = apply(operations)
        seen.append((tables(), names_of_apple(), {k: v.fields.keys() for k, v in state.models.items()}))
        with connection.schema_editor() as editor:
            SetUp(two_models()).database_backwards("units", editor, state, ProjectState())
    assert seen[0] == seen[1]
    assert seen[0][1] == ({"id", "size", "basket_id"}, {"apple_once"})
    assert (before, tables()) == (set(), set())


def test_models_drawn_before_are_drawn_anew() -> None:
    state = ProjectState()
    state.add_model(ModelState("units", "Tree", [ID]))
    assert [m.__name__ for m in state.apps.get_models()] == ["Tree"]
    SetUp(two_models()).state_forwards("units", state)
    assert {m.__name__ for m in state.apps.get_models()} == {"Tree", "Apple", "Basket"}


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("tree", "height", models.IntegerField()),
        migrations.RemoveField("apple", "size"),
        migrations.RunSQL("SELECT 1"),
    ],
)
def test_anything_else_is_refused(operation: Operation) -> None:
    with pytest.raises(TypeError, match="write it after SetUp"):
        SetUp([*two_models(), operation])
