"""Composition of doantracker: settings, start page, commands. The only place that sees every app."""
