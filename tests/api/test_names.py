"""Names of the document: one name, one thing. A second model of the same name would silently describe both."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections import defaultdict

from django.db.models import Choices
from pydantic import BaseModel

from doantracker.api import v1


def test_no_two_models_or_enums_of_the_document_have_the_same_name() -> None:
    found: defaultdict[str, set[type]] = defaultdict(set)
    for module in pkgutil.walk_packages(v1.__path__, f"{v1.__name__}."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if inspect.isclass(value) and issubclass(value, BaseModel | Choices):
                found[value.__name__ if issubclass(value, BaseModel) else name].add(value)
    assert {name for name, things in found.items() if len(things) > 1} == set()
