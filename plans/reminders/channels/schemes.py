"""Chat addresses that are understood, and nothing else: no Django, no network.

The library behind would take some hundred kinds of address, among them files of this machine and arguments that make
it read one. So an address must look exactly like one of these; nothing may follow a "?", "#" or "@".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 300
#: A name of the public internet: at least two labels, the last of letters. Numbers of addresses are refused.
HOST: Final = r"(?=.{4,253}(?:[:/]|$))(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"


@dataclass(frozen=True, slots=True)
class Scheme:
    """One kind of address: its name, the plug-in of the library (module:class), an example to copy, how it looks.

    `names_host`: the person chooses the host, so it must be a public one, and `webhook` calls it: no plug-in.
    """

    label: str
    plugin: str
    example: str
    pattern: re.Pattern[str]
    names_host: bool = False


SCHEMES: Final[dict[str, Scheme]] = {
    "zalo": Scheme(
        "Zalo Bot",
        "zalo:NotifyZalo",
        "zalo://123456789:MãCủaBot/MãCuộcTròChuyện",
        re.compile(r"zalo://[0-9]{3,24}:[A-Za-z0-9_-]{10,120}/[A-Za-z0-9._-]{1,80}"),
    ),
    "tgram": Scheme(
        "Telegram",
        "telegram:NotifyTelegram",
        "tgram://123456789:MãCủaBot/MãCuộcTròChuyện",
        re.compile(r"tgram://[0-9]{3,24}:[A-Za-z0-9_-]{10,120}/-?[0-9]{1,24}"),
    ),
    "jsons": Scheme(
        "Webhook",
        "",
        "jsons://chat.example.vn/duong-dan-bi-mat",
        re.compile(rf"jsons://{HOST}(?::[0-9]{{1,5}})?(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]{{0,119}}){{1,8}}"),
        names_host=True,
    ),
}


def scheme_of(address: str) -> str | None:
    """Return the name of the scheme that `address` fits; None for anything else."""
    if len(address) > LONGEST:
        return None
    name = address.partition("://")[0]
    scheme = SCHEMES.get(name)
    return name if scheme is not None and scheme.pattern.fullmatch(address) else None
