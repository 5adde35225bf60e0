"""The inbox of a person, what leaves it and when, and the links in mails."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doantracker.lib.throttle import seconds_to_wait
from plans.actions import notices as actions
from plans.enums import NoticeKind, NoticeState
from plans.errors import ActionRefused
from plans.forms.notices import ChatForm, WaysForm
from plans.inbox import Inbox
from plans.models import ChatAddress, ChatDelivery, Notice, QuietDays
from plans.querysets import NoticeQuerySet
from plans.reminders.channels.schemes import SCHEMES
from plans.reminders.links import read_link
from plans.reminders.quiet import as_days
from plans.views.shared import Request, done, visible_deadline
from plans.workflow import offered
from units.access import get_visible_or_404, require
from units.models.audit import AuditAction

MOST_IDS: Final = 500
HOUR: Final = 3600
TESTS_AN_HOUR: Final = 6  # each makes this server call another one


@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: Request) -> HttpResponse:
    """List the notices, newest first or by plan; POST marks one, the ticked ones, or all of the filter as read."""
    inbox = Inbox(request.user, request.GET)
    if request.method == "POST":
        count = actions.mark_read(by=request.user, rows=_meant(request, inbox))
        if count:
            done(
                request,
                ngettext("%(n)s notice marked as read.", "%(n)s notices marked as read.", count) % {"n": count},
            )
        elif request.POST.get("act") == "ticked":
            messages.warning(request, _("Tick at least one unread notice first."))
        return redirect(request.get_full_path())
    return render(request, "plans/notices.html", inbox.context())


def _meant(request: Request, inbox: Inbox) -> NoticeQuerySet:
    """Return the notices a POST speaks of."""
    if "id" not in request.POST and request.POST.get("act") != "ticked":
        return inbox.rows
    given = request.POST.getlist("id") or request.POST.getlist("ids")
    ids = [int(one) for one in given[:MOST_IDS] if one.isascii() and one.isdigit() and len(one) < 19]  # noqa: PLR2004  # bigint
    rows: NoticeQuerySet = Notice.objects.visible_to(request.user).filter(pk__in=ids)
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
def notice_settings(request: Request) -> HttpResponse:
    """Show and save by which way the person gets which kind too, and on which days nothing comes."""
    sent = request.POST if request.method == "POST" else None  # nothing ticked is an answer too
    ways = _ways_form(request, sent)
    if ways.is_valid():
        asked = ways.cleaned_data
        try:
            actions.set_quiet_days(by=request.user, start=asked["start"], end=asked["end"], weekdays=asked["weekdays"])
            actions.choose_ways(by=request.user, mail=asked["mail"], chat_kinds=asked.get("chat"))
        except ActionRefused as refusal:
            ways.add_error(None, str(refusal.message))
        else:
            done(request, _("Saved."))
            return redirect("plans:notice_settings")
    return _settings_page(request, ways, ChatForm())


@require_POST
def notice_chat(request: Request) -> HttpResponse:
    """Try and keep a chat address, try the one that is kept, or forget it."""
    require(bool(settings.CHAT_SCHEMES))
    act = request.POST.get("act")
    if act == "remove":
        actions.drop_chat_address(by=request.user)
        done(request, _("The chat address is forgotten."))
        return redirect("plans:notice_settings")
    form = ChatForm(request.POST if act != "try" else {"address": "-"})
    if form.is_valid():
        try:
            _count_test(request)
            if act == "try":
                actions.try_chat_address(by=request.user)
            else:
                actions.enter_chat_address(by=request.user, address=form.cleaned_data["address"])
        except ActionRefused as refusal:
            form = ChatForm(request.POST if act != "try" else {})
            form.add_error(None, str(refusal.message))
        else:
            done(request, _("A test message was sent: look into your chat."))
            return redirect("plans:notice_settings")
    return _settings_page(request, None, form)


def _count_test(request: Request) -> None:
    wait = seconds_to_wait(f"chat-test:{request.user.pk}", limit=TESTS_AN_HOUR, seconds=HOUR)
    if wait:
        raise ActionRefused(_("Too many tests. Try again in %s minutes.") % (wait // 60 + 1))


def _ways_form(request: Request, sent: QueryDict | None) -> WaysForm:
    quiet = QuietDays.objects.visible_to(request.user).first() or QuietDays(user=request.user)
    days = {"start": quiet.start, "end": quiet.end, "weekdays": as_days(quiet.weekdays)}
    with_chat = bool(settings.CHAT_SCHEMES) and ChatAddress.objects.visible_to(request.user).exists()
    return WaysForm(sent, initial={**actions.kinds_wanted(request.user), **days}, with_chat=with_chat)


def _settings_page(request: Request, ways: WaysForm | None, chat: ChatForm) -> HttpResponse:
    shown = ways or _ways_form(request, None)
    address = ChatAddress.objects.visible_to(request.user).first() if settings.CHAT_SCHEMES else None
    last = ChatDelivery.objects.filter(recipient=request.user).order_by("-pk").first() if address else None
    refused = Notice.objects.visible_to(request.user).filter(state=NoticeState.FAILED).order_by("-pk").first()
    boxes = list(shown["chat"]) if "chat" in shown.fields else [None] * len(NoticeKind)
    context = {
        "ways": shown,
        "kinds": list(zip(shown["mail"], boxes, strict=True)),
        "chat": chat,
        "chat_on": bool(settings.CHAT_SCHEMES),
        "schemes": [scheme for name, scheme in SCHEMES.items() if name in settings.CHAT_SCHEMES],
        "address": address,
        "scheme": SCHEMES[address.scheme].label if address and address.scheme in SCHEMES else "",
        "chat_fails": last is not None and (last.state == NoticeState.FAILED or last.attempts > 0),
        "mail": request.user.email,
        "mail_fails": refused,
    }
    status = 422 if shown.errors or chat.errors else 200
    return render(request, "plans/notice_settings.html", context, status=status)


@require_safe
def notice_link(request: Request, token: str) -> HttpResponse:
    """Open the one row that a mail's link names, for its recipient only, while the person still sees it."""
    link = read_link(token)
    if link is None or link.recipient != request.user.pk:
        raise Http404
    notice: Notice = get_visible_or_404(Notice.objects.all(), request.user, link.notice)
    if link.expired:
        return render(request, "plans/notice_link_expired.html", status=410)
    row = visible_deadline(request.user, notice.deadline_id)
    if offered(request.user, AuditAction.REPORTED, row):
        return redirect("plans:report", row.pk)
    return redirect(row)
