"""The words of our own pages, in English; ``lessons/phrases`` may bring others under the same keys."""

from __future__ import annotations

from collections.abc import Mapping

Labels = Mapping[str, str]

LABELS: Labels = {
    "language": "en",
    "form.required": "required",
    "form.close": "Close",
    "form.cancel": "Cancel",
    "form.choose": "Choose…",
    "form.choose_one": "Choose at least one.",
    "form.check": "Please check what is marked below.",
    "case.title": "A case was shared with you",
    "case.once": "This page opens once, for you only. Open it where nobody reads over your shoulder.",
    "case.open_now": "Open the case now",
    "case.no_script": "This page needs JavaScript: the secret in your link stays in your browser until you press.",
    "case.gone_title": "This link cannot be used",
    "case.gone": "It may have been used before, or its time is over. Ask for a new link where you got this one.",
    "case.number": "Case {case}",
    "case.received": "Received on {day}",
    "case.words": "What was written",
    "case.readers": "Who may read this",
    "case.notes": "What has happened since",
    "case.no_notes": "Nothing yet.",
    "case.acknowledge": "Acknowledge",
    "case.acknowledged": "This case has been acknowledged.",
    "case.recuse": "I should not handle this",
    "case.recuse_hint": "You will no longer be able to open it. You need not say why.",
    "case.recused_title": "You have stepped back",
    "case.recused": "You can no longer open this case. The others who may read it can see that you stepped back.",
    "case.leave": "After {minutes} minutes this page goes blank by itself. Close the tab when you are done.",
    "case.empty": "Left empty",
    "note.opened": "opened it",
    "note.acknowledged": "acknowledged it",
    "note.recused": "stepped back",
    "word.what": "What happened?",
    "word.when": "When?",
    "word.where": "Where?",
    "word.who": "Who was there?",
    "word.wish": "What would help?",
}
