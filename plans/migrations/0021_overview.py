"""What overviews count from: the outcome of each deadline, and the figures of units with all below them."""

import django.db.models.deletion
from django.db import migrations, models


FIGURES = ("total", "done_on_time", "done_late", "done_no_date", "in_time", "overdue", "no_date")
ADD_UP = f"""
INSERT INTO plans_unitsnapshot (day, unit_id, {", ".join(FIGURES)})
SELECT f.day, u.id, {", ".join(f"SUM(f.{name})" for name in FIGURES)} FROM plans_snapshot f
JOIN (SELECT DISTINCT depth * 4 AS n FROM units_unit) steps ON steps.n <= length(f.unit_path)
JOIN units_unit u ON u.path = substr(f.unit_path, 1, steps.n)
GROUP BY f.day, u.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('plans', '0020_life'),
        ('units', '0006_substitutes'),
    ]

    operations = [
        migrations.AddField(
            model_name='deadline',
            name='outcome',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(status='cancelled', then=models.Value(6)), models.When(status='on_hold', then=models.Value(5)), models.When(due_on__isnull=True, status__in=('submitted', 'completed'), then=models.Value(2)), models.When(reported_on__lte=models.F('due_on'), status__in=('submitted', 'completed'), then=models.Value(0)), models.When(status__in=('submitted', 'completed'), then=models.Value(1)), models.When(due_on__isnull=True, then=models.Value(4)), default=models.Value(3)), output_field=models.SmallIntegerField()),
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(fields=['unit_path', 'outcome', 'due_on', 'plan'], name='deadline_outcome'),
        ),
        migrations.AddIndex(
            model_name='progressreport',
            index=models.Index(fields=['-at', '-id'], name='report_newest'),
        ),
        migrations.CreateModel(
            name='UnitSnapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('total', models.PositiveIntegerField()),
                ('done_on_time', models.PositiveIntegerField()),
                ('done_late', models.PositiveIntegerField()),
                ('done_no_date', models.PositiveIntegerField()),
                ('in_time', models.PositiveIntegerField()),
                ('overdue', models.PositiveIntegerField()),
                ('no_date', models.PositiveIntegerField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='units.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'figures of a unit on a day',
                'verbose_name_plural': 'figures of units on days',
                'ordering': ('day', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('unit', 'day'), name='unit_snapshot_once_a_day')],
            },
        ),
        migrations.RunSQL(ADD_UP, migrations.RunSQL.noop),
    ]
