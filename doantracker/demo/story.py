"""What became of the work in the demo province, told through the real actions, each on its day in the past.

The units of the logins get a fixed mixture, so that whoever logs in finds every state; the others are drawn by weight.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import chain, repeat
from random import Random
from typing import Final

from django.core.files.base import ContentFile

from doantracker.demo.pictures import picture
from doantracker.demo.plans import moment
from doantracker.lib import clock
from plans.actions import deadlines as acts
from plans.actions import difficulties, extensions
from plans.actions import evidence as evidence_acts
from plans.actions.proof import Proof, Upload
from plans.enums import Deliverable
from plans.models import Deadline
from units.models import Appointment, User
from units.permissions import Permission
from units.roles import roles_with

SOON: Final = 7  # days: what is due then is left to the person who logs in
SETTLED: Final = 6  # days: what was due before then can have every fate


class Fate(Enum):
    """What becomes of a deadline by today."""

    UNTOUCHED = auto()
    STARTED = auto()
    WAITING = auto()
    RETURNED = auto()
    ON_TIME = auto()
    LATE = auto()
    CANCELLED = auto()
    HELD = auto()
    WITHDRAWN = auto()
    DATED = auto()


#: Of the units somebody logs in for: past deadlines from the newest on, then over and over.
PAST: Final = (Fate.UNTOUCHED, Fate.RETURNED, Fate.WAITING, Fate.LATE, Fate.ON_TIME, Fate.STARTED, Fate.ON_TIME)
JUST_NOW: Final = (Fate.UNTOUCHED, Fate.WAITING)
NEXT: Final = (Fate.UNTOUCHED, Fate.STARTED, Fate.WAITING)
WEIGHTS: Final = {
    Fate.ON_TIME: 62,
    Fate.LATE: 13,
    Fate.UNTOUCHED: 9,
    Fate.STARTED: 6,
    Fate.WAITING: 6,
    Fate.RETURNED: 3,
    Fate.WITHDRAWN: 1,
    Fate.CANCELLED: 1,
}

DONE: Final = (
    "Đã hoàn thành đúng nội dung yêu cầu.",
    "Đơn vị đã thực hiện xong, hồ sơ lưu tại đơn vị.",
    "Hoàn thành; đã thông báo kết quả đến các chi đoàn.",
    "Đã làm xong, số lượng vượt so với đăng ký ban đầu.",
    "Đã hoàn thành, có hình ảnh và danh sách kèm theo.",
)
UNDER_WAY: Final = (
    "Đang triển khai, đã xong phần chuẩn bị.",
    "Đã làm được khoảng một nửa khối lượng.",
    "Đang lấy ý kiến các chi đoàn trước khi chốt.",
    "Đã phân công người phụ trách, đang thu thập số liệu.",
)
DIFFICULTIES: Final = (
    "Nhiều đoàn viên đi làm xa, khó tập hợp đủ vào ngày thường.",
    "Kinh phí chưa được bố trí kịp.",
    "Bí thư chi đoàn vừa thay đổi, cần thêm thời gian nắm việc.",
)
ANSWERS: Final = (
    "Đồng ý tổ chức vào cuối tuần; ban chuyên môn cử người về cùng đơn vị.",
    "Đã bố trí kinh phí trong tháng tới, đơn vị cứ chuẩn bị trước.",
)
MORE_TIME: Final = (
    "Trùng đợt bầu cử ở cơ sở, xin lùi để tập trung đủ người.",
    "Mưa lũ kéo dài, nhiều chi đoàn bị chia cắt.",
)
REASONS: Final = (
    "Thiếu danh sách kèm theo, đề nghị bổ sung rồi gửi lại.",
    "Số liệu chưa khớp với phần mềm, đề nghị rà soát lại.",
    "Chưa nêu kết quả cụ thể, đề nghị ghi rõ số lượng đã làm.",
)
ON_HOLD_BECAUSE: Final = "Chờ hướng dẫn của cấp trên về chế độ chi, tạm hoãn đến khi có văn bản."
TOO_EARLY: Final = "Gửi nhầm bản chưa có số liệu của chi đoàn ấp, xin thu hồi để bổ sung."
PHOTO: Final = "Ảnh hoạt động.png"
CALLED_OFF: Final = "Đã lồng ghép vào nhiệm vụ khác của đơn vị, không thực hiện riêng."


@dataclass(frozen=True, slots=True)
class Step:
    """One act on one deadline at one moment."""

    at: dt.datetime
    deadline: Deadline
    act: Callable[[], object]


class Story:
    """Plans what happens to deadlines and plays it in the order of time."""

    def __init__(self, *, today: dt.date, rng: Random) -> None:
        self.today, self.rng = today, rng
        self.yesterday = today - dt.timedelta(days=1)
        self.reporters = reporters()
        self.deciders = deciders()
        self.steps: list[Step] = []

    def live(self, deadlines: Iterable[Deadline], shown: set[int]) -> None:
        """Plan the fate of work that goes on; `shown` are the units somebody logs in for."""
        by_unit: dict[int, list[Deadline]] = defaultdict(list)
        for deadline in deadlines:
            if deadline.unit_id in shown:
                by_unit[deadline.unit_id].append(deadline)
            else:
                self._plan(deadline, self._drawn(deadline))
        for rows in by_unit.values():
            self._show(rows)

    def finished(self, deadlines: Iterable[Deadline]) -> None:
        """Plan the fate of a plan that is over: all done but one called off."""
        for number, deadline in enumerate(deadlines):
            fate = Fate.CANCELLED if number == 0 else self.rng.choice((Fate.ON_TIME, Fate.ON_TIME, Fate.LATE))
            self._plan(deadline, fate)

    def play(self) -> int:
        """Do everything planned; return how many acts it was."""
        for step in sorted(self.steps, key=lambda s: (s.at, s.deadline.pk)):
            step.deadline.refresh_from_db(fields=["version"])  # what the one who acts has read
            with clock.stopped_at(step.at):
                step.act()
        return len(self.steps)

    # --- fates ---

    def _drawn(self, deadline: Deadline) -> Fate:
        if deadline.due_on is None:
            fate = self.rng.choice((Fate.UNTOUCHED, Fate.UNTOUCHED, Fate.UNTOUCHED, Fate.STARTED, Fate.DATED))
            # a step of a chain is dated by the one before it
            return Fate.UNTOUCHED if fate == Fate.DATED and deadline.schedule.hangs_on_id else fate
        if deadline.due_on > self.today + dt.timedelta(days=SOON):
            return self.rng.choice((Fate.UNTOUCHED, Fate.UNTOUCHED, Fate.UNTOUCHED, Fate.STARTED))
        if deadline.due_on >= self.today:
            return self.rng.choice((Fate.UNTOUCHED, Fate.STARTED, Fate.WAITING, Fate.ON_TIME))
        fate = self.rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        is_settled = deadline.due_on <= self.today - dt.timedelta(days=SETTLED)
        return fate if is_settled or fate != Fate.LATE else Fate.WAITING

    def _show(self, rows: Sequence[Deadline]) -> None:
        """Give one unit every state."""
        dated = [(d.due_on, d) for d in rows if d.due_on]
        dated.sort(key=lambda pair: (-pair[0].toordinal(), pair[1].pk))  # the newest first
        settled = self.today - dt.timedelta(days=SETTLED)
        soon = self.today + dt.timedelta(days=SOON)
        for deadlines, fates in (
            ([d for due, d in dated if due <= settled], chain(PAST, repeat(Fate.ON_TIME))),
            ([d for due, d in dated if settled < due < self.today], chain(JUST_NOW, repeat(Fate.ON_TIME))),
            ([d for due, d in dated if self.today <= due <= soon], chain(NEXT, repeat(Fate.UNTOUCHED))),
        ):
            for deadline, fate in zip(deadlines, fates, strict=False):
                self._plan(deadline, fate)
        later = [d for due, d in dated if due > soon]
        if len(later) > 1:  # one of them stays on schedule
            self._plan(later[0], Fate.HELD)

    # --- from a fate to acts ---

    def _plan(self, deadline: Deadline, fate: Fate) -> None:
        planner = {
            Fate.STARTED: self._start,
            Fate.WAITING: self._hand_in_now,
            Fate.RETURNED: self._hand_in_and_return,
            Fate.ON_TIME: self._finish_on_time,
            Fate.LATE: self._finish_late,
            Fate.CANCELLED: self._cancel,
            Fate.HELD: self._hold,
            Fate.WITHDRAWN: self._hand_in_and_withdraw,
            Fate.DATED: self._date,
        }.get(fate)
        if planner:
            planner(deadline)

    def _start(self, deadline: Deadline) -> None:
        by = self._reporter(deadline)
        percent, text = self.rng.randrange(20, 81, 10), self.rng.choice(UNDER_WAY)
        difficulty = self.rng.choice(DIFFICULTIES) if self.rng.random() < 0.25 else ""  # noqa: PLR2004  # a quarter
        latest = min(deadline.due_on or self.today, self.today)
        day = self._day(deadline, latest - dt.timedelta(days=self.rng.randrange(1, 6)))

        def act() -> Deadline:
            return acts.report_progress(
                deadline=deadline, version=deadline.version, by=by, percent=percent, text=text, difficulty=difficulty
            )

        self._add(deadline, day, 10, act)
        if difficulty and self.rng.random() < 0.5:  # noqa: PLR2004  # half of them
            answered = self._day(deadline, day + dt.timedelta(days=self.rng.randrange(1, 12)))
            self._add(deadline, answered, 17, lambda: self._answer(deadline))
        due = deadline.due_on
        if due and due >= self.today and self.rng.random() < 0.4:  # noqa: PLR2004  # two fifths
            later, reason = due + dt.timedelta(days=self.rng.choice((7, 10, 14))), self.rng.choice(MORE_TIME)
            self._add(
                deadline,
                self.yesterday,
                12,
                lambda: extensions.ask_later_day(
                    deadline=deadline,
                    version=deadline.version,
                    by=by,
                    day=later,
                    reason=reason,
                    claims_objective=reason == MORE_TIME[1],
                ),
            )

    def _answer(self, deadline: Deadline) -> None:
        """Answer what was raised, if it is still open."""
        raised = deadline.difficulties.open().first()
        if raised:
            difficulties.answer(
                difficulty=raised, state=raised.state, by=self._decider(deadline), words=self.rng.choice(ANSWERS)
            )

    def _hand_in_now(self, deadline: Deadline) -> None:
        self._hand_in(deadline, self.yesterday - dt.timedelta(days=self.rng.randrange(3)), second=True)

    def _hand_in_and_return(self, deadline: Deadline) -> None:
        due = deadline.due_on or self.yesterday
        handed_in = self._hand_in(deadline, min(due, self.yesterday - dt.timedelta(days=3)), photo=True)
        by, reason = self._decider(deadline), self.rng.choice(REASONS)
        self._add(
            deadline,
            self._day(deadline, handed_in + dt.timedelta(days=self.rng.randrange(1, 3))),
            15,
            lambda: self._look_and_return(deadline, by, reason),
        )
        self._add(deadline, self.yesterday, 16, lambda: self._improve(deadline))

    def _hand_in_and_withdraw(self, deadline: Deadline) -> None:
        due = deadline.due_on or self.yesterday
        handed_in = self._hand_in(deadline, min(due, self.yesterday - dt.timedelta(days=3)))
        by, day = self._reporter(deadline), self._day(deadline, handed_in + dt.timedelta(days=1))
        self._add(
            deadline,
            day,
            13,
            lambda: acts.withdraw(deadline=deadline, version=deadline.version, by=by, reason=TOO_EARLY),
        )

    def _hold(self, deadline: Deadline) -> None:
        by = self.deciders[deadline.plan.issuing_unit_id][0]
        until = self.today + dt.timedelta(days=self.rng.randrange(10, 30))
        self._add(
            deadline,
            self._day(deadline, self.yesterday - dt.timedelta(days=2)),
            13,
            lambda: acts.hold(deadline=deadline, version=deadline.version, by=by, reason=ON_HOLD_BECAUSE, until=until),
        )

    def _look_and_return(self, deadline: Deadline, by: User, reason: str) -> None:
        """Open the evidence, then return the result."""
        for evidence in deadline.evidence.exclude(file=""):
            evidence_acts.note_download(evidence=evidence, by=by)
        acts.return_result(deadline=deadline, version=deadline.version, by=by, reason=reason)

    def _improve(self, deadline: Deadline) -> None:
        """Give a newer version of the photo that was sent back."""
        for evidence in deadline.evidence.current().exclude(file=""):
            proof = Proof(files=(self._photo(),))
            evidence_acts.replace_evidence(evidence=evidence, by=self._reporter(deadline), proof=proof)

    def _photo(self) -> Upload:
        return Upload.of(ContentFile(picture(self.rng), name=PHOTO))

    def _finish_on_time(self, deadline: Deadline) -> None:
        due = deadline.due_on or self.yesterday
        self._finish(deadline, min(due, self.yesterday) - dt.timedelta(days=self.rng.randrange(4)))

    def _finish_late(self, deadline: Deadline) -> None:
        self._finish(deadline, (deadline.due_on or self.yesterday) + dt.timedelta(days=self.rng.randrange(1, 5)))

    def _finish(self, deadline: Deadline, day: dt.date) -> None:
        handed_in = self._hand_in(deadline, day)
        by = self._decider(deadline)
        confirmed = self._day(deadline, handed_in + dt.timedelta(days=self.rng.randrange(4)))
        self._add(deadline, confirmed, 16, lambda: acts.confirm(deadline=deadline, version=deadline.version, by=by))

    def _hand_in(self, deadline: Deadline, day: dt.date, *, second: bool = False, photo: bool = False) -> dt.date:
        day = self._day(deadline, day)
        by, text = self._reporter(deadline, second=second), self.rng.choice(DONE)
        number = f"{self.rng.randrange(10, 300)}-BC/ĐTN"
        owes_paper = deadline.solution.deliverable == Deliverable.REPORT
        numbered = owes_paper or self.rng.random() < 0.3  # noqa: PLR2004  # a third
        proof = Proof((self._photo(),) if photo else (), document_numbers=(number,) if numbered else ())
        self._add(
            deadline,
            day,
            11,
            lambda: acts.submit(deadline=deadline, version=deadline.version, by=by, text=text, proof=proof),
        )
        return day

    def _cancel(self, deadline: Deadline) -> None:
        by = self.deciders[deadline.plan.issuing_unit_id][0]
        day = self._day(deadline, (deadline.due_on or self.yesterday) - dt.timedelta(days=3))
        self._add(
            deadline,
            day,
            14,
            lambda: acts.cancel(deadline=deadline, version=deadline.version, by=by, reason=CALLED_OFF),
        )

    def _date(self, deadline: Deadline) -> None:
        by = self.deciders[deadline.plan.issuing_unit_id][0]
        due_on = self.today + dt.timedelta(days=self.rng.randrange(10, 40))
        day = self._day(deadline, self.yesterday - dt.timedelta(days=4))
        self._add(
            deadline, day, 9, lambda: acts.give_date(deadline=deadline, version=deadline.version, by=by, due_on=due_on)
        )

    # --- days and people ---

    def _add(self, deadline: Deadline, day: dt.date, hour: int, act: Callable[[], object]) -> None:
        self.steps.append(Step(moment(day, hour, self.rng.randrange(60)), deadline, act))

    def _day(self, deadline: Deadline, day: dt.date) -> dt.date:
        """Return `day`, not before the plan was issued and not today: today belongs to the visitor."""
        return max(min(day, self.yesterday), deadline.plan.issued_on or day)

    def _reporter(self, deadline: Deadline, *, second: bool = False) -> User:
        """Return who reports for the unit: its head, or its other person, so that the head can decide."""
        people = self.reporters[deadline.unit_id]
        return people[-1] if second else people[0]

    def _decider(self, deadline: Deadline) -> User:
        """Return who confirms for the issuer: one who doesn't report for the unit."""
        reporting = self.reporters[deadline.unit_id]
        return self.rng.choice([p for p in self.deciders[deadline.plan.issuing_unit_id] if p not in reporting[:1]])


def reporters() -> dict[int, list[User]]:
    """Return who reports for each unit, its head first."""
    return _people(Permission.REPORT)


def deciders() -> dict[int, list[User]]:
    """Return who publishes, confirms and cancels for each unit, its head first."""
    return _people(Permission.MANAGE_PLANS)


def _people(permission: Permission) -> dict[int, list[User]]:
    rows = Appointment.objects.filter(post__role__in=roles_with(permission), end=None)
    found: dict[int, list[User]] = defaultdict(list)
    people: dict[int, User] = {}  # one instance a person, so that rights are read once
    for row in rows.select_related("user", "post").order_by("post__unit", "post__rank", "pk"):
        found[row.post.unit_id].append(people.setdefault(row.user_id, row.user))
    return found
