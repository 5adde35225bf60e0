"""Nouns of the app, one topic a file."""

from reviews.models.pledge import Pledge

__all__ = ["Pledge"]
