"""Webhooks: which acts are told, to whom, and how they are sent."""
