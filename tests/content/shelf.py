"""A small ``lessons`` folder in which everything is right, for tests that break one thing in it."""

from __future__ import annotations

from pathlib import Path

LESSON = """\
---
id: kind.first
title: A first step
minutes: 2
reader: witness
tags: [bystander]
note: ""
cast:
  - {name: Ana, part: actor, gender: woman, rank: peer}
sources:
  - {title: A page, url: "https://example.org/page", read: 2026-01-02}
owner: Learning team
reviewed: 2026-01-02
quiz:
  - id: first-joke
    kind: respond
    ask: What could you do?
    options:
      - text: Ask how they are.
        good: true
        indirect: true
        why: It costs you little, and it leaves the choice of what comes next with the person it landed on.
      - text: Say that it was not funny.
        good: true
        why: It is short, and it is about the words and not about the person who said them.
      - text: Wait.
        good: false
        why: It is fair to wait, and yet they may think that everybody agreed.
---
One idea, in a few words.

## The situation

- Ana laughs.
- **Nobody** else does.
"""

ARTICLE = """\
---
id: jokes
title: Jokes that hurt
level: early
audience: [affected]
jurisdictions: [any]
legal: false
owner: HR
reviewed: 2026-01-02
review_by: 2027-01-02
sources:
  - {title: A page, url: "https://example.org/page", read: 2026-01-02}
related: []
questions: [he keeps joking about my accent, not funny]
---
It is fine to say stop.

## What you can do now

Say stop.
"""

COURSE = """\
id: kind
title: Being kind
summary: One lesson.
audience: everyone
owner: Learning team
reviewed: 2026-01-02
"""

RESOURCES = """\
- id: us-line
  name: A line
  countries: [US]
  kind: crisis
  contact: Call
  languages: [en]
  hours: ""
  url: "https://example.org/"
  source: "https://example.org/about"
  verified_on: 2026-01-02
  expires: 2026-07-02
"""

URGENT = """\
language: en
reviewed: 2026-01-02
groups:
  - id: danger
    phrases: [help me now, jump off * bridge]
    unless: [help me now with]
"""

PHRASES = """\
words:
  help: [help, "?"]
help:
  title: Help
  hello: Hello {name}
"""

LANGUAGES = """\
en:
  complete: true
  headings: [What you can do now, Words you can use]
"""

FILES = {
    "courses/kind/course.yaml": COURSE,
    "courses/kind/01-first.md": LESSON,
    "guide/jokes.md": ARTICLE,
    "guide/languages.yaml": LANGUAGES,
    "resources.yaml": RESOURCES,
    "urgent/en.yaml": URGENT,
    "phrases/en.yaml": PHRASES,
    "banned.yaml": "banned:\n  - {phrase: calm down, where: [all], why: it hurts}\nallowed: []\n",
}


def shelf(folder: Path, **changed: str) -> Path:
    """The folder ``lessons``; changed: path -> other text."""
    root = folder / "lessons"
    for name, text in (FILES | changed).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root
