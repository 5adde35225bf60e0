import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("plans", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="planreference",
            name="settled",
            field=models.CharField(blank=True, default="", editable=False, max_length=500),
        ),
        migrations.AddField(
            model_name="prioritytask",
            name="settled",
            field=models.CharField(blank=True, default="", editable=False, max_length=500),
        ),
        migrations.AddField(
            model_name="schedule",
            name="settled",
            field=models.CharField(blank=True, default="", editable=False, max_length=500),
        ),
        migrations.AddField(
            model_name="shortcoming",
            name="settled",
            field=models.CharField(blank=True, default="", editable=False, max_length=500),
        ),
        migrations.AddField(
            model_name="solution",
            name="settled",
            field=models.CharField(blank=True, default="", editable=False, max_length=500),
        ),
        migrations.AddField(
            model_name="solutiongroup",
            name="settled",
            field=models.CharField(blank=True, default="", editable=False, max_length=500),
        ),
        migrations.AlterField(
            model_name="planreference",
            name="doubt",
            field=models.CharField(blank=True, editable=False, max_length=500),
        ),
        migrations.AlterField(
            model_name="prioritytask",
            name="doubt",
            field=models.CharField(blank=True, editable=False, max_length=500),
        ),
        migrations.AlterField(
            model_name="schedule",
            name="doubt",
            field=models.CharField(blank=True, editable=False, max_length=500),
        ),
        migrations.AlterField(
            model_name="schedule",
            name="rule",
            field=models.CharField(
                blank=True, help_text="RFC 5545, such as FREQ=MONTHLY;INTERVAL=3.", max_length=300, verbose_name="rule"
            ),
        ),
        migrations.AlterField(
            model_name="shortcoming",
            name="doubt",
            field=models.CharField(blank=True, editable=False, max_length=500),
        ),
        migrations.AlterField(
            model_name="solution",
            name="doubt",
            field=models.CharField(blank=True, editable=False, max_length=500),
        ),
        migrations.AlterField(
            model_name="solutiongroup",
            name="doubt",
            field=models.CharField(blank=True, editable=False, max_length=500),
        ),
        migrations.CreateModel(
            name="UnmatchedName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("key", models.CharField(editable=False, max_length=250)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("lead", "leads"),
                            ("support", "supports"),
                            ("owner", "owes it"),
                            ("named", "is named"),
                        ],
                        max_length=10,
                    ),
                ),
                ("doubt", models.CharField(blank=True, max_length=500)),
                (
                    "group",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unmatched",
                        to="plans.solutiongroup",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="unmatched", to="plans.plan"
                    ),
                ),
                (
                    "schedule",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unmatched",
                        to="plans.schedule",
                    ),
                ),
                (
                    "shortcoming",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unmatched",
                        to="plans.shortcoming",
                    ),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unmatched",
                        to="plans.solution",
                    ),
                ),
            ],
            options={
                "verbose_name": "unit not found",
                "verbose_name_plural": "units not found",
                "ordering": ("pk",),
                "indexes": [models.Index(fields=["plan", "key"], name="plans_unmat_plan_id_8e6c44_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("group", None), ("schedule", None), ("shortcoming__isnull", False), ("solution", None)
                            ),
                            models.Q(
                                ("group__isnull", False), ("schedule", None), ("shortcoming", None), ("solution", None)
                            ),
                            models.Q(
                                ("group", None), ("schedule", None), ("shortcoming", None), ("solution__isnull", False)
                            ),
                            models.Q(
                                ("group", None), ("schedule__isnull", False), ("shortcoming", None), ("solution", None)
                            ),
                            _connector="OR",
                        ),
                        name="unmatched_name_of_one_record",
                    )
                ],
            },
        ),
    ]
