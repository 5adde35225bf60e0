"""All migrations before this one as one: a new database is set up in a fraction of the time; others go on as they are."""

import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import doantracker.lib.clock
from importlib import import_module
from django.conf import settings
from django.db import migrations, models

from doantracker.lib.set_up import SetUp


class Migration(migrations.Migration):

    replaces = [
        ('units', '0001_initial'),
        ('units', '0002_audit_append_only'),
        ('units', '0003_feed_token'),
        ('units', '0004_audit_actions'),
        ('units', '0005_follow_up_acts'),
        ('units', '0006_substitutes'),
        ('units', '0007_plans_in_depth'),
        ('units', '0008_reviews'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [SetUp([
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('username', models.CharField(blank=True, error_messages={'unique': 'This user name is taken. Choose another.'}, help_text='Empty: a person without a login.', max_length=60, null=True, unique=True, verbose_name='user name')),
                ('full_name', models.CharField(max_length=120, verbose_name='full name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='telephone')),
                ('is_active', models.BooleanField(default=True, help_text="Off: can't log in; the history stays.", verbose_name='active')),
                ('sort_key', models.CharField(db_index=True, default='', editable=False, max_length=300)),
                ('search', models.CharField(default='', editable=False, max_length=250)),
                ('date_joined', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'ordering': ('sort_key', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('body', models.CharField(blank=True, choices=[('standing_committee', 'Standing committee'), ('permanent_members', 'Permanent members'), ('executive_committee', 'Executive committee'), ('inspection_committee', 'Inspection committee'), ('office', 'Office or department')], max_length=30, verbose_name='body')),
                ('rank', models.PositiveSmallIntegerField(default=50, help_text='Order among the posts of a unit; 10 is its head, up to 20 are its deputies.', verbose_name='rank')),
                ('role', models.CharField(choices=[('administrator', 'Administrator'), ('office', 'Office staff'), ('leader', 'Leader'), ('department', 'Department'), ('secretary', 'Unit secretary'), ('reader', 'Reader')], default='reader', help_text='What the holder may do, over this unit and all below it.', max_length=20, verbose_name='role')),
                ('signs', models.BooleanField(default=False, verbose_name='signs documents')),
            ],
            options={
                'verbose_name': 'post',
                'verbose_name_plural': 'posts',
                'ordering': ('unit__path', 'rank', 'title'),
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=255, unique=True)),
                ('depth', models.PositiveIntegerField()),
                ('numchild', models.PositiveIntegerField(default=0)),
                ('code', models.CharField(help_text='Stable short code for imports, such as TD-VP.', max_length=40, unique=True, validators=[django.core.validators.RegexValidator('^[A-Z0-9][A-Z0-9.-]*$', 'Capital letters, digits, dots and hyphens only, such as TD-VP.')], verbose_name='code')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('short_name', models.CharField(blank=True, help_text='Shown in tables; empty: the name.', max_length=80, verbose_name='short name')),
                ('aliases', models.TextField(blank=True, help_text='One a line: how plans call this unit.', verbose_name='other names')),
                ('place', models.CharField(blank=True, help_text='Place named beside the date of its documents.', max_length=100, verbose_name='place')),
                ('is_difficult', models.BooleanField(default=False, help_text='A unit in a difficult area: visited first.', verbose_name='difficult unit')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='in force from')),
                ('valid_to', models.DateField(blank=True, help_text='Last day; empty: still in force.', null=True, verbose_name='in force to')),
                ('search', models.CharField(db_index=True, default='', editable=False, max_length=400)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
            options={
                'verbose_name': 'unit',
                'verbose_name_plural': 'units',
                'ordering': ('path',),
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_from__isnull', True), ('valid_to__isnull', True), ('valid_from__lte', models.F('valid_to')), _connector='OR'), name='unit_from_before_to', violation_error_message='The last day lies before the first. Correct one of the two dates.')],
            },
        ),
        migrations.CreateModel(
            name='UnitKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(help_text='Short name used by imports, such as commune.', max_length=30, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('rank', models.PositiveSmallIntegerField(help_text='Order in lists: 10 province, 20 department, 30 district …', verbose_name='rank')),
                ('may_lead', models.BooleanField(default=True, help_text='Units of this kind can lead solutions.', verbose_name='may lead')),
                ('may_be_assigned', models.BooleanField(default=True, help_text='Deadlines may be given to units of this kind.', verbose_name='may be assigned')),
                ('has_subtree', models.BooleanField(default=True, help_text='Off for departments: they serve their union and have no area of their own.', verbose_name='territorial')),
            ],
            options={
                'verbose_name': 'kind of unit',
                'verbose_name_plural': 'kinds of unit',
                'ordering': ('rank', 'name'),
            },
        ),
        migrations.CreateModel(
            name='FeedToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField(verbose_name='created')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='feed_token', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'calendar address',
                'verbose_name_plural': 'calendar addresses',
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.DateField(default=doantracker.lib.clock.today, verbose_name='from')),
                ('end', models.DateField(blank=True, help_text='Last day; empty: until further notice.', null=True, verbose_name='to')),
                ('full_time', models.BooleanField(default=False, verbose_name='full-time')),
                ('provisional', models.BooleanField(default=False, help_text='Appointed until the next congress.', verbose_name='provisional')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='units.post', verbose_name='post')),
            ],
            options={
                'verbose_name': 'appointment',
                'verbose_name_plural': 'appointments',
                'ordering': ('post__unit__path', 'post__rank', 'start'),
                'indexes': [models.Index(fields=['user', 'start', 'end'], name='units_appoi_user_id_18301c_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('end__isnull', True), ('start__lte', models.F('end')), _connector='OR'), name='appointment_start_before_end', violation_error_message='The last day lies before the first. Correct one of the two dates.'), models.UniqueConstraint(fields=('user', 'post', 'start'), name='appointment_once', violation_error_message='This person is already appointed to this post from that day.')],
            },
        ),
        migrations.CreateModel(
            name='Substitution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.DateField(default=doantracker.lib.clock.today, verbose_name='from')),
                ('end', models.DateField(help_text='Last day. The rights end by themselves.', verbose_name='to')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('entered_at', models.DateTimeField(editable=False)),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='substitutions', to='units.appointment', verbose_name='who is absent')),
                ('entered_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('substitute', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='substitutions', to=settings.AUTH_USER_MODEL, verbose_name='substitute')),
            ],
            options={
                'verbose_name': 'substitution',
                'verbose_name_plural': 'substitutions',
                'ordering': ('-start', '-pk'),
                'indexes': [models.Index(fields=['substitute', 'start', 'end'], name='units_subst_substit_4512fb_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('start__lte', models.F('end'))), name='substitution_start_before_end', violation_error_message='The last day lies before the first. Correct one of the two dates.'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='substitution_with_reason')],
            },
        ),
        migrations.AddField(
            model_name='post',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='units.unit', verbose_name='unit'),
        ),
        migrations.CreateModel(
            name='Oversight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(blank=True, max_length=200, verbose_name='field of work')),
                ('start', models.DateField(default=doantracker.lib.clock.today, verbose_name='from')),
                ('end', models.DateField(blank=True, null=True, verbose_name='to')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='oversights', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='oversights', to='units.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'oversight',
                'verbose_name_plural': 'oversights',
                'ordering': ('user__sort_key', 'start'),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('field', ''), ('unit__isnull', False)), models.Q(('unit__isnull', True), models.Q(('field', ''), _negated=True)), _connector='OR'), name='oversight_unit_or_field', violation_error_message='Name either a unit or a field of work, not both and not neither.'), models.CheckConstraint(condition=models.Q(('end__isnull', True), ('start__lte', models.F('end')), _connector='OR'), name='oversight_start_before_end', violation_error_message='The last day lies before the first. Correct one of the two dates.')],
            },
        ),
        migrations.AddField(
            model_name='unit',
            name='kind',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='units.unitkind', verbose_name='kind'),
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('action', models.CharField(choices=[('logged_in', 'logged in'), ('login_failed', 'failed to log in'), ('logged_out', 'logged out'), ('password_changed', 'changed the password'), ('password_reset_asked', 'asked for a new password'), ('refused', 'was refused'), ('created', 'created'), ('changed', 'changed'), ('dropped', 'dropped'), ('joined', 'joined'), ('split', 'split'), ('moved', 'moved in the tree'), ('published', 'published'), ('published_with_gaps', 'published in spite of gaps'), ('sign_asked', 'asked for agreement to the draft'), ('signed', 'agreed to the draft'), ('sent_back', 'sent the draft back'), ('closed', 'closed'), ('reopened', 'opened again'), ('reported', 'reported progress'), ('submitted', 'submitted the result'), ('confirmed', 'confirmed the result'), ('returned', 'returned the result'), ('cancelled', 'cancelled'), ('dated', 'gave a date'), ('held', 'put on hold'), ('resumed', 'took off hold'), ('withdrawn', 'took the report back'), ('rescheduled', 'moved the last day'), ('rule_changed', 'changed the rule'), ('event_dated', 'gave the day of an event'), ('opinion_given', 'recorded an opinion'), ('issued', 'issued'), ('sent_down', 'sent down'), ('answered_item', 'answered an item of a plan from above'), ('meeting_held', 'recorded the meeting'), ('decided', 'recorded a decision of the meeting'), ('evidence_replaced', 'replaced evidence'), ('evidence_shared', 'used evidence for another deadline'), ('later_asked', 'asked for a later day'), ('later_granted', 'granted a later day'), ('later_refused', 'refused a later day'), ('excused', 'confirmed an objective cause'), ('difficulty_raised', 'raised a difficulty'), ('difficulty_passed', 'passed a difficulty on'), ('difficulty_answered', 'answered a difficulty'), ('target_changed', 'changed a target'), ('results_entered', 'entered results'), ('period_locked', 'closed a period'), ('period_reopened', 'reopened a period'), ('evidence_added', 'handed in evidence afterwards'), ('link_confirmed', 'confirmed a proposed link'), ('link_removed', 'removed a link'), ('linked', 'said which solutions answer it'), ('lead_given', 'gave a lead'), ('tasks_chosen', 'chose priority tasks'), ('origin_marked', 'marked the origin'), ('lineage_set', 'said what it was carried over from'), ('merged', 'merged into another'), ('unmerged', 'took the merging back'), ('reviewed', 'recorded a review'), ('ledger_continued', 'carried the open shortcomings into the next year'), ('report_asked', 'asked for reports'), ('emulation_own', 'gave own points'), ('emulation_checked', 'checked the points of a unit'), ('dispute_raised', 'objected to points'), ('dispute_settled', 'settled an objection to points'), ('read_sensitive', 'read shortcomings of persons'), ('feedback_given', 'handed in a contribution'), ('step_closed', 'closed a step of the round'), ('self_reviewed', 'handed in a self-review report'), ('feedback_replied', 'replied to a contribution'), ('link_made', 'made links for contributors'), ('link_revoked', 'revoked the link of a contributor'), ('read_feedback', 'read contributions about persons'), ('downloaded', 'downloaded'), ('checked', 'checked the deadlines'), ('survey_started', 'started the survey'), ('survey_answered', 'answered the survey'), ('survey_finished', 'finished the survey'), ('award_passed_on', 'passed the proposal on'), ('award_granted', 'entered the decision to commend'), ('award_refused', 'refused the commendation'), ('award_withdrawn', 'took the proposal back'), ('trip_approved', 'approved the trip'), ('trip_briefed', 'entered the brief of the trip'), ('trip_ended', 'recorded that the trip took place'), ('self_scored', 'scored themselves'), ('colleague_opinion', 'gave opinions on colleagues'), ('evaluation_step', 'took the evaluation one step on'), ('evaluation_decided', 'recorded decided scores'), ('evaluation_read', 'read evaluations of members'), ('year_rated', 'recorded a rating of the year'), ('remedy_settled', 'settled whether shortcomings of members were remedied'), ('card_approved', 'approved the score card')], max_length=30, verbose_name='act')),
                ('object_type', models.CharField(blank=True, max_length=40)),
                ('object_id', models.BigIntegerField(null=True)),
                ('object_label', models.CharField(blank=True, max_length=250, verbose_name='of what')),
                ('plan_id', models.BigIntegerField(null=True)),
                ('unit_id', models.BigIntegerField(db_index=True, null=True)),
                ('data', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='details')),
                ('address', models.GenericIPAddressField(null=True, verbose_name='address')),
                ('request_id', models.CharField(blank=True, max_length=32)),
                ('previous_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64, unique=True)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='audit_events', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'audit event',
                'verbose_name_plural': 'audit log',
                'ordering': ('-pk',),
                'indexes': [models.Index(fields=['plan_id', '-id'], name='units_audit_plan_id_9f2c83_idx'), models.Index(fields=['object_type', 'object_id', '-id'], name='units_audit_object__126b22_idx'), models.Index(fields=['actor', '-id'], name='units_audit_actor_i_de81b4_idx')],
            },
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(fields=('unit', 'title'), name='post_once_a_unit', violation_error_message='This unit has a post of that title already. Several people may hold one post.'),
        ),
    ]),
        *import_module('units.migrations.0002_audit_append_only').Migration.operations,
    ]
