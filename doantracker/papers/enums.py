"""Words of official papers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PaperKind(models.TextChoices):
    """What a paper tells; the kind code of its number ("BC", "CV") follows from it."""

    PROGRESS = "progress", _("Progress report of a plan")
    REMEDIATION = "remediation", _("Report on the remediation of shortcomings")
    STATISTICS = "statistics", _("Statistics with the list of overdue work")
    CHASING = "chasing", _("Chasing letter")
    PLAN = "plan", _("Plan with its monitoring annex")
    HANDOVER = "handover", _("Hand-over list of a unit")
    COMPILED = "compiled", _("Report compiled from departments and units")
    EVALUATION = "evaluation", _("Evaluation table of members")
    FEEDBACK = "feedback", _("Compilation of contributed opinions")
    INSPECTION = "inspection", _("Inspection report")
    CONCLUSIONS = "conclusions", _("Conclusions of an inspection")
    TRIPS = "trips", _("Ledger of field trips")
    MINUTES = "minutes", _("Minutes of a meeting")
    PROGRAMME = "programme", _("Programme of inspections of a year")
    SURVEY = "survey", _("Thematic report of a survey")
    COMMENDATION = "commendation", _("Commendation proposal")


class Form(models.TextChoices):
    """In which form a paper leaves."""

    DOCX = "docx", _("Word (.docx)")
    PDF = "pdf", _("PDF (.pdf)")
    XLSX = "xlsx", _("Spreadsheet (.xlsx)")


class ExportState(models.TextChoices):
    """How far an export is."""

    WAITING = "export_waiting", _("Waiting")
    RUNNING = "export_running", _("Being written")
    READY = "export_ready", _("Ready")
    FAILED = "export_failed", _("Failed")


class ExportKind(models.TextChoices):
    """What a large file holds."""

    DEADLINES = "deadlines", _("Table of deadlines")
    ARCHIVE = "archive", _("Archive of a plan")
    PAPER = "paper", _("Official paper")
