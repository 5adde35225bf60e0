"""Thin views: fetch, ask an action, answer."""
