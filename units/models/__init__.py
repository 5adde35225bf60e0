"""Nouns of the app, one topic a file."""

from units.models.audit import AuditEvent
from units.models.feed import FeedToken
from units.models.person import Appointment, Oversight, Post, Substitution, User
from units.models.unit import Unit, UnitKind

__all__ = ["Appointment", "AuditEvent", "FeedToken", "Oversight", "Post", "Substitution", "Unit", "UnitKind", "User"]
