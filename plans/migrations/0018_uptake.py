"""Links of solutions that say whether the reader only proposed them, and which priority tasks units take up.

The two link tables exist already: the state learns their models, the database gains three columns each.
"""

import django.db.models.deletion
import doantracker.lib.clock
import plans.validators
from django.conf import settings
from django.db import migrations, models


def link_model(name, target, table):
    return migrations.CreateModel(
        name=name,
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('solution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='plans.solution')),
            (target, models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=f'plans.{target}')),
        ],
        options={'db_table': table, 'unique_together': {('solution', target)}},
    )


def link_columns(model):
    confirmed = models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True))
    by_somebody = models.Q(('confirmed_at__isnull', False), ('proposed', True))
    return [
        migrations.AddField(model, 'proposed', models.BooleanField(default=False, editable=False)),
        migrations.AddField(model, 'confirmed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
        migrations.AddField(model, 'confirmed_at', models.DateTimeField(blank=True, editable=False, null=True)),
        migrations.AddConstraint(model, models.CheckConstraint(condition=models.Q(confirmed, by_somebody, _connector='OR'), name=f'{model}_confirmed_whole')),
    ]


class Migration(migrations.Migration):

    dependencies = [
        ('plans', '0017_cascade'),
        ('units', '0006_substitutes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                link_model('SolutionShortcoming', 'shortcoming', 'plans_solution_shortcomings'),
                link_model('SolutionTask', 'prioritytask', 'plans_solution_priority_tasks'),
                migrations.AlterField('solution', 'shortcomings', models.ManyToManyField(blank=True, related_name='solutions', through='plans.SolutionShortcoming', to='plans.shortcoming', verbose_name='shortcomings answered')),
                migrations.AlterField('solution', 'priority_tasks', models.ManyToManyField(blank=True, related_name='solutions', through='plans.SolutionTask', to='plans.prioritytask', verbose_name='priority tasks answered')),
            ],
        ),
        migrations.AlterModelOptions('solutionshortcoming', {'verbose_name': 'answer to a shortcoming', 'verbose_name_plural': 'answers to shortcomings'}),
        migrations.AlterModelOptions('solutiontask', {'verbose_name': 'answer to a priority task', 'verbose_name_plural': 'answers to priority tasks'}),
        *link_columns('solutionshortcoming'),
        *link_columns('solutiontask'),
        migrations.AlterField('deadline', 'created_at', models.DateTimeField(default=doantracker.lib.clock.now, editable=False)),
        migrations.CreateModel(
            name='TaskUptake',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('choice', models.CharField(choices=[('taken', 'Taken up'), ('not_taken', 'Not taken up')], max_length=10, verbose_name='choice')),
                ('reason', models.TextField(blank=True, validators=[plans.validators.limited_text], verbose_name='why not')),
                ('chosen_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('chosen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('own_plan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='plans.plan', verbose_name="the unit's own plan")),
                ('priority_task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uptakes', to='plans.prioritytask', verbose_name='priority task')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='task_uptakes', to='units.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'choice of a priority task',
                'verbose_name_plural': 'choices of priority tasks',
                'ordering': ('priority_task', 'pk'),
                'constraints': [
                    models.UniqueConstraint(fields=('priority_task', 'unit'), name='task_uptake_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('choice', 'taken'), ('reason', '')), models.Q(('choice', 'not_taken'), ('own_plan__isnull', True), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='task_uptake_not_taken_with_reason', violation_error_message="Say why the unit doesn't take the task up; link a plan only if it does."),
                ],
            },
        ),
    ]
