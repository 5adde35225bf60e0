"""Every page as every person: the status of each, and none of the words planted for others' eyes.

One walk a person over one scene in which every topic has planted its words. A new topic writes a `planting` and enters
it in `plantings`; a new address stands in the table of `tests/test_access.py`.
"""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.cast import Cast
from tests.conftest import Login
from tests.once import once
from tests.plans import test_planted_words as ledgers
from tests.planting import Planting, page, words_in
from tests.reviews import test_evaluation_secrecy as evaluations
from tests.reviews import test_feedback_secrecy as feedback
from tests.test_access import GET, PEOPLE, ROLES, Scene, scene
from units.models import User

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.walk]
__all__ = ["scene"]  # the fixture with an object for every address

#: The persons of the tables; "" is nobody. Then those whom only some topics know.
WALKERS = ("", *PEOPLE.values(), "reader", "department_head", "colleague")


def plantings(cast: Cast, scene: Scene) -> dict[str, Planting]:
    """Plant the words of every topic beside the scene."""
    return {
        "scene": _of_the_scene(cast, scene),
        "ledger": ledgers.planting(cast, scene),
        "feedback": feedback.planting(cast),
        "evaluations": evaluations.planting(cast),
    }


def _of_the_scene(cast: Cast, scene: Scene) -> Planting:
    """Return what stands in the scene and is the commune's, and the searches for it.

    Plans of other topics name the commune to all who have work in them.
    """
    names = (cast.commune.name, cast.branch.name, cast.commune_secretary.full_name)
    searches = [f"{reverse(name)}?q=songthao" for name in ("plans:plans", "plans:deadlines", "units:units", "search")]
    own = {*searches, *(scene.address(name) for name in GET)}

    def hidden(who: str, address: str) -> tuple[str, ...]:
        if who not in {"", "outsider", "sibling_secretary"}:
            return ()
        return ("SÔNGTHAO", *names) if address in own else ("SÔNGTHAO",)

    return Planting(words=("SÔNGTHAO", *names), hidden=hidden, addresses=searches)


def _person(cast: Cast, who: str) -> User | None:
    person: User | None = getattr(cast, who, None)
    if who == "colleague":
        person = User.objects.get(full_name="Phan Đồng Nghiệp")
    return person


@pytest.mark.parametrize("who", WALKERS)
def test_each_page_has_its_status_and_no_word_for_others_eyes(
    cast: Cast, scene: Scene, login: Login, who: str
) -> None:
    topics = once("walks", lambda: plantings(cast, scene))
    client = login(_person(cast, who))
    names = {scene.address(name): name for name in GET}
    statuses: dict[str, int] = {}
    seen: dict[str, dict[str, set[str]]] = {topic: {} for topic in topics}
    for address in dict.fromkeys([*names, *(a for planting in topics.values() for a in planting.addresses)]):
        status, text = page(client, address)
        if address in names:
            statuses[address] = status
        for topic, planting in topics.items():
            seen[topic][address] = words_in(text, address, planting.words)

    forbidden = {
        (topic, address): found
        for topic, planting in topics.items()
        for address, words in seen[topic].items()
        if (found := words.intersection(planting.hidden(who, address)))
    }
    assert forbidden == {}
    read = {topic: set().union(*seen[topic].values()) for topic, planting in topics.items() if who in planting.read}
    assert read == {topic: planting.read[who] for topic, planting in topics.items() if who in planting.read}
    role = next((role for role in ROLES if PEOPLE.get(role, "") == who), None)
    if role:
        got = {name: statuses[scene.address(name)] for name in GET}
        assert got == {name: columns[ROLES.index(role)] for name, columns in GET.items()}
