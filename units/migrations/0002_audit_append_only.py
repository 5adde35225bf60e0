"""The database itself refuses to change or remove a row of the audit log."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

POSTGRESQL = """
CREATE FUNCTION units_auditevent_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'The audit log is append-only.'; END $$;
CREATE TRIGGER units_auditevent_append_only BEFORE UPDATE OR DELETE ON units_auditevent
FOR EACH ROW EXECUTE FUNCTION units_auditevent_refuse();
"""
SQLITE = [
    f"CREATE TRIGGER units_auditevent_no_{act.lower()} BEFORE {act} ON units_auditevent "
    "BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END;"
    for act in ("UPDATE", "DELETE")
]


def refuse_changes(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the triggers of the database at hand."""
    statements = [POSTGRESQL] if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement, params=None)


def allow_changes(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER units_auditevent_append_only ON units_auditevent")
        schema_editor.execute("DROP FUNCTION units_auditevent_refuse()")
    else:
        for act in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER units_auditevent_no_{act}")


class Migration(migrations.Migration):
    dependencies = [("units", "0001_initial")]
    operations = [migrations.RunPython(refuse_changes, allow_changes)]
