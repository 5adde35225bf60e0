"""Own words over a text gathered otherwise by now: told before and after, taken back, known with the number."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from doantracker.papers.actions.papers import (
    GapsOpen,
    edit_paper,
    gather_again,
    number_paper,
    prepare_paper,
)
from doantracker.papers.models import OfficialPaper
from plans.models import Plan
from tests.cast import Cast
from tests.conftest import Login
from tests.doantracker.papers.test_actions import TODAY
from tests.doantracker.papers.test_numbered_papers import plan
from tests.factories import make_deadline

pytestmark = pytest.mark.usefixtures("today")
__all__ = ["plan"]  # the fixture: one thing overdue, and the term of office
OWN = "Tổng số 01 nội dung, đang làm."


@pytest.fixture
def paper(cast: Cast, plan: Plan) -> OfficialPaper:
    """A report worded anew in two places; then another thing comes into the plan: one of the two tells more."""
    row = prepare_paper(kind="progress", subject=f"plan={plan.pk}", by=cast.office_staff)
    edit_paper(paper=row, by=cast.office_staff, version=1, words={"whole": OWN, "next": "Họp giao ban."})
    make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 1))
    row.refresh_from_db()
    return row


@pytest.fixture
def overtaken(cast: Cast, paper: OfficialPaper) -> OfficialPaper:
    """The same, gathered again."""
    gather_again(paper=paper, by=cast.office_staff, version=2)
    paper.refresh_from_db()
    return paper


def keys(row: OfficialPaper) -> list[str]:
    row.refresh_from_db()
    return [place.key for place in row.overtaken]


def test_the_gathered_text_that_own_words_stand_for_is_kept_until_they_are_saved_again(
    cast: Cast, overtaken: OfficialPaper
) -> None:
    (place,) = overtaken.overtaken
    assert (place.key, place.words) == ("whole", OWN)
    assert ("01 nội dung" in place.before, "02 nội dung" in place.now) == (True, True)
    gather_again(paper=overtaken, by=cast.office_staff, version=3)
    assert keys(overtaken) == ["whole"]  # whoever gathers once more has not looked at it
    edit_paper(paper=overtaken, by=cast.office_staff, version=4, words={"next": "Họp."})
    assert keys(overtaken) == ["whole"]
    edit_paper(paper=overtaken, by=cast.office_staff, version=5, words={"whole": OWN})
    assert keys(overtaken) == []
    assert overtaken.edits == {"whole": OWN, "next": "Họp."}


def test_gathering_again_lists_them_first_and_says_afterwards_how_many_stay(
    cast: Cast, login: Login, paper: OfficialPaper
) -> None:
    client, address = login(cast.office_staff), reverse("papers:again", args=[paper.pk])
    page = client.get(address)
    assert set(page.context["form"].fields) == {"version", "take-whole"}
    box = str(page.context["form"]["take-whole"].help_text)
    assert (OWN in box, "01 nội dung" in box, "02 nội dung" in box) == (True, True, True)
    assert not [change for change in page.context["found"].changes if "Tổng số 02" in change.after]
    stayed = client.post(address, {"version": 2}, follow=True)
    (said,) = stayed.context["messages"]
    assert (said.level_tag, "1" in said.message) == ("warning", True)
    assert [label for label, _place in stayed.context["overtaken"]] == ["I. Tình hình chung – Đoạn 2"]
    assert f"{reverse('papers:edit', args=[paper.pk])}#id_whole" in stayed.text


def test_the_gathered_words_are_taken_where_their_box_is_ticked(
    cast: Cast, login: Login, paper: OfficialPaper
) -> None:
    address = reverse("papers:again", args=[paper.pk])
    page = login(cast.office_staff).post(address, {"version": 2, "take-whole": "on"}, follow=True)
    assert [said.level_tag for said in page.context["messages"]] == ["success"]
    assert keys(paper) == []
    assert (paper.edits, list(paper.worded_over)) == ({"next": "Họp giao ban."}, ["next"])


def test_wording_anew_shows_what_is_gathered_and_takes_it_back(
    cast: Cast, login: Login, overtaken: OfficialPaper
) -> None:
    client, address = login(cast.office_staff), reverse("papers:edit", args=[overtaken.pk])
    form = client.get(address).context["form"]
    assert [name for name in form.fields if name.startswith("take-")] == ["take-whole", "take-next"]
    assert form["take-whole"].help_text.count("<strong>") == 2  # then and now
    assert "Tiếp tục thực hiện" in form["take-next"].help_text
    sent: dict[str, Any] = {"version": 3, **overtaken.wordable, "take-next": "on"}
    assert client.post(address, sent).status_code == 302
    assert keys(overtaken) == []
    assert overtaken.edits == {"whole": OWN}


def test_a_word_of_the_head_that_gives_way_may_be_anything(cast: Cast, login: Login, paper: OfficialPaper) -> None:
    edit_paper(paper=paper, by=cast.office_staff, version=2, words={"head-abstract": "Khác"})
    sent: dict[str, Any] = {"version": 3, **paper.wordable, "head-abstract": "", "take-head-abstract": "on"}
    assert login(cast.office_staff).post(reverse("papers:edit", args=[paper.pk]), sent).status_code == 302
    paper.refresh_from_db()
    assert "head-abstract" not in paper.edits


def test_own_words_are_told_as_text(cast: Cast, login: Login, paper: OfficialPaper) -> None:
    edit_paper(paper=paper, by=cast.office_staff, version=2, words={"whole": "<script>x</script>"})
    gather_again(paper=paper, by=cast.office_staff, version=3)
    make_deadline(cast.commune, plan=Plan.objects.get(), due_on=dt.date(2026, 3, 2))
    page = login(cast.office_staff).get(reverse("papers:again", args=[paper.pk]))
    assert ("&lt;script&gt;x" in page.text, "<script>x" in page.text) == (True, False)


def test_they_and_bare_headings_are_known_before_the_number(
    cast: Cast, login: Login, overtaken: OfficialPaper
) -> None:
    edit_paper(paper=overtaken, by=cast.office_staff, version=3, words={"next": ""})
    client, address = login(cast.office_staff), reverse("papers:number", args=[overtaken.pk])
    page = client.get(address)
    assert page.context["bared"] == ["IV. Nhiệm vụ thời gian tới"]
    assert [place.key for _label, place in page.context["overtaken"]] == ["whole"]
    with pytest.raises(GapsOpen, match="2"):
        number_paper(paper=overtaken, by=cast.office_staff, version=4, number=1, day=TODAY)
    given = {"version": 4, "number": 1, "day": "16/03/2026", "sure": "on"}
    assert list(client.post(address, given).context["form"].errors) == ["with_gaps"]
    assert client.post(address, given | {"with_gaps": "on"}).status_code == 302
    assert client.get(overtaken.get_absolute_url()).context["overtaken"] == []


def test_who_only_signs_reads_the_warning_without_the_link(cast: Cast, login: Login, overtaken: OfficialPaper) -> None:
    page = login(cast.leader).get(overtaken.get_absolute_url())
    assert len(page.context["overtaken"]) == 1
    assert reverse("papers:edit", args=[overtaken.pk]) not in page.text
