"""Words planted where only some may read them, and what a person's walk through every page may show of them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from django.test import Client


@dataclass(frozen=True)
class Planting:
    """The words of one topic. `hidden`: which of them a person of the cast may not read at an address."""

    words: tuple[str, ...]
    hidden: Callable[[str, str], Collection[str]]
    addresses: list[str] = field(default_factory=list)  # pages to look at beside those of the scene
    read: dict[str, set[str]] = field(default_factory=dict)  # what these persons find on their walk, exactly


def shown(client: Client, address: str, words: Collection[str]) -> set[str]:
    """Return which of `words` an address shows, except where the question itself is printed back."""
    return words_in(page(client, address)[1], address, words)


def words_in(text: str, address: str, words: Collection[str]) -> set[str]:
    """Return which of `words` stand in the text of an address, except where the question itself is printed back."""
    question = address.partition("?q=")[2]
    return {word for word in words if word in text and word.lower() != question}


def page(client: Client, address: str) -> tuple[int, str]:
    """Return the status and what an answer says, a file with its name, and close what was opened."""
    answer: Any = client.get(address)
    if answer.streaming:
        content = b"".join(answer.streaming_content).decode(errors="replace")
        content += str(answer.headers.get("Content-Disposition", ""))
    else:
        content = answer.content.decode(errors="replace")
    shut(answer)
    return answer.status_code, content


def shut(answer: Any) -> None:
    """Close what an answer opened; `answer.close()` would also end the transaction."""
    for close in answer._resource_closers:
        close()
