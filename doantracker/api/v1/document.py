"""What the document of the API says beyond the declarations: common answers, topics, examples, messages to webhooks.

Pure: it takes the document the library wrote from the signatures and completes it. What one operation or field means
stands with its declaration; here is only what many have in common.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from django.db import models
from django.utils.translation import override

from doantracker.api.hooks.events import KINDS, TEST, all_kinds
from doantracker.api.hooks.meanings import EVENT_WORDS
from doantracker.api.hooks.signing import DELIVERY, SIGNATURE, TIMESTAMP
from doantracker.api.v1.carriers import asks_version, compares
from doantracker.api.v1.examples import ASKED, PROBLEM, SENT, TOLD
from doantracker.api.v1.problems import MEDIA_TYPE

DESCRIPTION: Final = """\
Reads and does what the pages can, with the rights of the person whose token is sent.

- **Token**: `Authorization: Bearer dtk_…`, made on the page “Access for programs”.
- **Lists** are told in pages by key: `after`, `limit`, and `next` with the address of the page after.
- **Versions**: a single record carries an ETag. An act on it sends that as If-Match and gets 412 when the record has
  changed since.
- **Once**: a call with an Idempotency-Key that is sent twice is done once.
- **Errors** are problem+json, in the language of Accept-Language (vi, en).
- **Days** are YYYY-MM-DD in Vietnam, moments carry their offset, figures are texts.

The guide with examples is `docs/api.md` of the project.
"""
BEARER: Final = (
    "A token of a person: `dtk_…`. It opens what that person may see and do at the moment of the call; one that may "
    "only read is refused acts with 403."
)

#: What operations are about, in the order in which a program meets it.
TOPICS: Final[dict[str, str]] = {
    "deadlines": "What each unit owes by which day: list, report, confirm, return, hold, cancel.",
    "evidence": "Proof of results, chasing, excuses.",
    "requests": "Later days and difficulties: asked for by a unit, answered by the level above.",
    "notices": "What the caller was told: reminders, escalations, answers.",
    "units": "Who calls, and the units the caller sees.",
    "organisation": "People, posts, appointments and substitutes; units founded, changed, moved.",
    "plans": "Plans from draft to closed: published, put before a leader, reported on.",
    "drafts": "Records of a draft before it is published.",
    "amendments": "Changes of a published plan, looked at first, then made as they were seen.",
    "commitments": "Who owes what by when: the schedules behind deadlines.",
    "events": "Events on whose day deadlines hang.",
    "tasks": "Priority tasks of the level above, and the solutions that answer them.",
    "cascade": "Plans sent down: answers of the units below, and changes offered to them.",
    "indicators": "Targets, their results by unit and period, periods closed and opened again.",
    "shortcomings": "The ledger of shortcomings: reviews, lineage, merging, the next year.",
    "directives": "Directives and activities: drafted, commented on, issued, received.",
    "figures": "Statistics as on the pages, for the same filter.",
    "history": "What the log tells of a plan or a deadline.",
    "calendar": "Working days.",
    "reviews": "Meetings with agenda, minutes and decisions; pledges.",
    "inspections": "Inspections, visits, conclusions and their register, programmes, checklists.",
    "field trips": "Field trips and quotas.",
    "surveys and commendations": "Surveys of units, and commendations proposed and granted.",
    "periodic reports and emulation": "Reports owed each period, their compilation, emulation sheets.",
    "evaluations": "Monthly evaluations of people; every reading is logged.",
    "feedback": "Feedback rounds; anonymous ones take contributions on their page only.",
    "papers": "Official papers: gathered, worded, numbered, as .docx, .pdf and .xlsx.",
    "exports": "Large files written by a job, to be fetched within a day.",
    "imports": "Tables of units, people, posts, deadlines and results: tried, then done whole or not at all.",
}

#: What a status means wherever it occurs; `code` of the problem in backquotes.
STATUSES: Final[dict[int, str]] = {
    HTTPStatus.NOT_MODIFIED: "It is as you have it.",
    HTTPStatus.BAD_REQUEST: "`unreadable`: no JSON, or an If-Match without quotation marks.",
    HTTPStatus.UNAUTHORIZED: "`unauthorized`: no token, or none in force.",
    HTTPStatus.FORBIDDEN: "`read_only`: the token may only read.",
    HTTPStatus.NOT_FOUND: "`not_found`: not there, not seen, or not yours to do.",
    HTTPStatus.PRECONDITION_FAILED: "`stale`: changed since you read it. Read it again, then decide.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "`too_large`: more than is taken at once.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "`media_type`: JSON is sent as application/json, files as multipart/form-data.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "`invalid`: wrong values, named in `errors`; `refused`: the rules do not allow "
    "it now; for a repeated call `key_reused` or `done_before`.",
    HTTPStatus.PRECONDITION_REQUIRED: "`version_required`: send If-Match.",
    HTTPStatus.TOO_MANY_REQUESTS: "`too_many`: wait as long as Retry-After says.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "`fault`: a fault of ours; nothing was saved.",
}

#: What a field is, wherever it has this name and says nothing of its own: in what is told, and in what is sent.
FIELDS: Final[dict[str, str]] = {
    "id": "By this number other records and addresses name it.",
    "page": "The address of its page, for people.",
    "symbol": "Its number as written on the document.",
    "period_start": "The first day of the period.",
    "period_end": "The last day of the period.",
    "due_on": "The last day.",
    "reason": "Why, in words.",
    "ordinal": "Its place in the order, from 1.",
}
VERSION_TOLD: Final = "Goes up with each change; the ETag begins with it."
VERSION_SENT: Final = "The version you saw; 0 where there was none yet."
PAGE_FIELDS: Final = {
    "items": "The records of this page, in the order of their ids.",
    "next": "The address of the next page, on the same host; null on the last one.",
}
#: What a parameter asks for, wherever it has this name and says nothing of its own: in the query, and in the address.
ASKED_FOR: Final[dict[tuple[str, str], str]] = {
    ("query", "state"): "Only what is in this state.",
    ("query", "status"): "Only what is in this state.",
    ("query", "kind"): "Only what is of this kind.",
    ("query", "year"): "Only what belongs to this year.",
    ("query", "quarter"): "Only what belongs to this quarter, 1 to 4.",
    ("query", "unit"): "Only what is of this unit, by its id.",
    ("query", "body"): "Only what is of this body.",
    ("query", "inspection"): "Only what is of this inspection, by its id.",
    ("query", "visit"): "Only what is of this visit, by its id.",
    ("query", "sheet"): "Only what is of this emulation sheet, by its id.",
    ("query", "source"): "Only what comes from this.",
    ("query", "overdue"): "true: only what is overdue; false: only the rest.",
    ("query", "issued_from"): "Issued on this day or later.",
    ("query", "issued_to"): "Issued on this day or before.",
    ("path", "kind"): "The kind, as it stands in the address.",
}

#: What values mean where the word that people read does not say it all, by the name of their list.
VALUES: Final[dict[str, dict[str, str]]] = {
    "TimeState": {
        "no_date": "still owed or done, and no last day is set",
        "on_schedule": "still owed, the last day is further away than “due soon”",
        "due_soon": "still owed, due today or within the next 7 days (DUE_SOON_DAYS of the server)",
        "overdue": "still owed, the last day has passed",
        "on_time": "reported done on the last day or before",
        "late": "reported done after the last day",
        "stopped": "on hold or cancelled: the day does not count",
    },
    "Status": {
        "submitted": "reported done by the unit, waiting for confirmation",
        "returned": "sent back by who confirms: the unit owes it again",
        "completed": "the result was confirmed",
    },
}


def _text(description: str, kind: str = "string") -> dict[str, Any]:
    return {"description": description, "schema": {"type": kind}}


ETAG: Final = _text("Version, a dot and the digest of the record; the version alone where an act tells no record.")
RETRY: Final = _text("Seconds to wait.", "integer")
NONE_MATCH: Final = {"name": "If-None-Match", "in": "header", "required": False, **_text("The ETag you have.")}
#: What a message to a webhook tells; `kind` and `object` are those of its kind.
MESSAGE: Final[dict[str, Any]] = {
    "id": {"type": "string", "format": "uuid", "description": "The same in every attempt of this message."},
    "kind": {},
    "at": {"type": "string", "format": "date-time", "description": "When it happened."},
    "object": {},
    "plan": {"type": ["integer", "null"], "description": "The id of the plan it belongs to; null: none."},
    "unit": {"type": ["integer", "null"], "description": "The id of the unit whose record it is; null: none."},
}
OBJECT_TOLD: Final[dict[str, Any]] = {
    "type": {"type": "string", "description": "What kind of record."},
    "id": {"type": "integer", "description": FIELDS["id"]},
    "url": {"type": "string", "description": "Where a program reads it, with a token."},
    "page": {"type": "string", "description": FIELDS["page"]},
}
MESSAGE_HEADERS: Final[list[dict[str, Any]]] = [
    {"name": name, "in": "header", "required": True, **_text(words)}
    for name, words in (
        (TIMESTAMP, "When it was sent, in seconds since 1970. Refuse what is older than five minutes."),
        (SIGNATURE, "`v1=` and the HMAC-SHA256 (hex), with the secret, over the timestamp, a dot and the body."),
        (DELIVERY, "The `id` of the message: one that came before is the same message again."),
    )
]


def complete(document: dict[str, Any], operations: Mapping[tuple[str, str], Any]) -> None:
    """Write into `document` what all `operations` (by method and address) have in common."""
    document["servers"] = [{"url": "/", "description": "The host that gave this document."}]
    document["tags"] = [{"name": name, "description": words} for name, words in TOPICS.items()]
    document["components"]["securitySchemes"]["TokenAuth"]["description"] = BEARER
    for address, path in document["paths"].items():
        for method, told in path.items():
            _complete_operation(told, operations[method.upper(), address.partition("v1/")[2]])
            _give_examples(told)
    lists = _lists_of_values()
    for name, schema in document["components"]["schemas"].items():
        _describe_fields(schema)
        if found := lists.get((name, tuple(schema.get("enum", ())))):
            _explain_values(schema, found, VALUES.get(name, {}))
    _say_problems_once(document)
    document["webhooks"] = {kind: _webhook(kind) for kind in [*all_kinds(), TEST]}


def _complete_operation(told: dict[str, Any], operation: Any) -> None:
    """Say of an operation what all have in common: problems as such, ETags, too many calls with the wait."""
    responses, acts = told["responses"], "POST" in operation.methods
    if HTTPStatus.NOT_MODIFIED in responses:
        told.setdefault("parameters", []).append(NONE_MATCH)
    if not asks_version(operation):
        responses.pop(HTTPStatus.PRECONDITION_REQUIRED, None)
    if not compares(operation):
        responses.pop(HTTPStatus.PRECONDITION_FAILED, None)
    wrong = next(r for status, r in responses.items() if int(status) >= HTTPStatus.BAD_REQUEST)
    extra = {HTTPStatus.INTERNAL_SERVER_ERROR}
    if acts:
        extra |= {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
    responses |= {int(status): dict(wrong) for status in extra}
    for status, response in responses.items():
        content = response.get("content")
        response["description"] = STATUSES.get(int(status), "Done." if acts else "What you asked for.")
        if int(status) >= HTTPStatus.BAD_REQUEST and content:
            response["content"] = {MEDIA_TYPE: next(iter(content.values()))}
        elif HTTPStatus.NOT_MODIFIED in responses or asks_version(operation):
            response["headers"] = {"ETag": ETAG}
        if int(status) == HTTPStatus.TOO_MANY_REQUESTS:
            response["headers"] = {"Retry-After": RETRY}
    told["responses"] = dict(sorted(responses.items(), key=lambda pair: int(pair[0])))


def _give_examples(told: dict[str, Any]) -> None:
    """Say what parameters without words ask for; show the calls that most programs begin with, as they come and go."""
    name = told["operationId"]
    told["parameters"] = [dict(p) for p in told.get("parameters", ())]  # the declarations are shared by many
    for parameter in told["parameters"]:
        words = ASKED_FOR.get((parameter["in"], parameter["name"]))
        if words and not parameter.get("description"):
            parameter["description"] = words
        if (example := ASKED.get(name, {}).get(parameter["name"])) is not None:
            parameter["example"] = example
    if name in SENT:
        told["requestBody"]["content"]["application/json"]["example"] = SENT[name]
    if name in TOLD:
        told["responses"][HTTPStatus.OK]["content"]["application/json"]["example"] = TOLD[name]
        refused = told["responses"][HTTPStatus.UNPROCESSABLE_ENTITY]["content"]
        refused[MEDIA_TYPE] = {**refused[MEDIA_TYPE], "example": PROBLEM}


def _lists_of_values() -> dict[tuple[str, tuple[str, ...]], Any]:
    """Return the closed lists by name and values: the document names them so, and some names are used twice."""
    return {(one.__name__, tuple(one.values)): one for one in models.TextChoices.__subclasses__()}


def _explain_values(schema: dict[str, Any], values: Any, words: Mapping[str, str]) -> None:
    """Add a line for each value to what a closed list says of itself: the word that people read, or `words`."""
    with override("en"):
        lines = [f"- `{member.value}`: {words.get(member.value, member.label)}" for member in values]
    schema["description"] = "\n".join([schema.get("description", ""), "", *lines]).strip()


def _say_problems_once(document: dict[str, Any]) -> None:
    """Let each operation name its problems, which are told once for all: the document is read whole by browsers."""
    shared = document["components"].setdefault("responses", {})
    for path in document["paths"].values():
        for told in path.values():
            for status, response in told["responses"].items():
                name, shown = (
                    f"Problem{int(status)}",
                    any("example" in c for c in response.get("content", {}).values()),
                )
                if int(status) < HTTPStatus.BAD_REQUEST or shown:
                    continue
                if shared.setdefault(name, response) == response:
                    told["responses"][status] = {"$ref": f"#/components/responses/{name}"}


def _describe_fields(schema: dict[str, Any]) -> None:
    """Say of each field without words of its own what fields of that name are."""
    fields = schema.get("properties", {})
    words = {**FIELDS, "version": VERSION_SENT if schema.get("additionalProperties") is False else VERSION_TOLD}
    words |= PAGE_FIELDS if set(fields) == set(PAGE_FIELDS) else {}
    for name in fields.keys() & words.keys():
        fields[name].setdefault("description", words[name])


def _webhook(kind: str) -> dict[str, Any]:
    """Return what the document says of one kind of message."""
    pair = next((pair for pair, name in KINDS.items() if name == kind), None)
    nothing = {"type": "null", "description": "A message to try it is about nothing."}
    object_ = {"type": "object", "description": "The record it is about.", "properties": OBJECT_TOLD}
    body = {**MESSAGE, "kind": {"const": kind}, "object": nothing if pair is None else object_}
    content = {"application/json": {"schema": {"type": "object", "properties": body, "required": list(body)}}}
    return {
        "post": {
            "summary": EVENT_WORDS[kind],
            "parameters": MESSAGE_HEADERS,
            "requestBody": {"content": content},
            "responses": {"2XX": {"description": "Taken."}},
        }
    }
