"""Reads HTML back: what is shown, what can be pressed, what can be typed, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"input", "hr", "br"}
BLOCKS = {"p", "li", "dt", "dd", "td", "th", "caption", "h2", "h3", "legend", "label", "button", "a", "div"}


@dataclass
class Control:
    """A field of a form. typed: its values; many: check boxes."""

    many: bool = False
    typed: list[str] = field(default_factory=list)


@dataclass
class Page(HTMLParser):
    """Parses as it is made; ``problems`` names what is not well-formed or could run."""

    html: str
    shown: str = ""
    presses: list[tuple[str, str]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    controls: dict[str, Control] = field(default_factory=dict)
    form: dict[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self._ids: set[str] = set()
        self._field = ""
        self._typing = False
        self.feed(str(self.html))  # str: a Markup would escape what was read
        self.close()
        self.problems += [f"<{tag}> is never closed" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self._check(tag, held)
        if tag not in VOID:
            self._open.append(tag)
        if "aria-label" in held:
            self.names.append(held["aria-label"] or "")
        if "data-action" in held:
            self.presses.append((held["data-action"] or "", held["data-value"] or ""))
        if tag == "form":
            self.form = held
        self._read_field(tag, held)

    def _check(self, tag: str, held: dict[str, str | None]) -> None:
        if tag in {"script", "style", "iframe", "img", "object", "link"}:
            self.problems.append(f"<{tag}> does not belong here")
        self.problems += [f"{name} on <{tag}>" for name in held if name.startswith("on") or name == "style"]
        if (held.get("href") or "https:").split(":")[0] not in {"https", "http", "mailto"}:
            self.problems.append(f"a link to {held['href']}")
        if (id := held.get("id")) is not None:
            if id in self._ids:
                self.problems.append(f"two elements with id {id}")
            self._ids.add(id)

    def _read_field(self, tag: str, held: dict[str, str | None]) -> None:
        if "data-field" in held:
            self._field = held["data-field"] or ""
            self.controls[self._field] = Control(many="data-many" in held)
        control = self.controls.get(self._field)
        if control is None:
            return
        if tag == "textarea":
            self._typing = True
        chosen = "checked" in held or "selected" in held
        if chosen or (tag == "input" and held.get("type") != "checkbox"):
            control.typed.append(held.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")
        self._typing = self._typing and tag != "textarea"
        if tag in BLOCKS:
            self.shown += "\n"

    def handle_data(self, data: str) -> None:
        self.shown += data
        if self._typing:
            self.controls[self._field].typed.append(data.removeprefix("\n"))  # a parser drops the first line break
