"""Says what Slack or Teams would refuse in a payload, without asking them.

First the vendors' published shapes (tests/schemas), then the rules those shapes cannot express.
Every function returns sentences, one per problem, each naming the place; an empty list means no problem found.
"""

import json
from collections.abc import Iterator, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"

MESSAGE_BLOCKS = 50  # docs.slack.dev/reference/block-kit/blocks
VIEW_BLOCKS = 100
BLOCK_CHARS = 12_000  # all words of one payload; Slack refuses near 13,200 (bolt-js issue 2509)
MARKDOWN_CHARS = 12_000  # docs.slack.dev/reference/block-kit/blocks/markdown-block
TABLE_ROWS, TABLE_COLUMNS, TABLE_CHARS = 100, 20, 10_000  # docs.slack.dev/reference/block-kit/blocks/data-table-block
CHARTS = 2  # docs.slack.dev/reference/block-kit/blocks/data-visualization-block
ALERT_CHARS = 200
OVERFLOW_OPTIONS = 5
CARD_BYTES = 28 * 1024  # learn.microsoft.com/en-us/connectors/teams

NOT_IN_MESSAGES = frozenset({"alert"})
NOT_IN_MODALS = frozenset({"markdown", "data_visualization", "context_actions"})
NOT_IN_HOME = frozenset({"alert", "markdown", "context_actions"})

READ_BY_PEOPLE = ("text", "fields", "elements", "title", "subtitle", "body", "rows", "options", "description", "label")

Json = dict[str, Any]
Place = tuple[str, Json]


def slack_message_problems(payload: Json) -> list[str]:
    """What chat.postMessage or chat.update would refuse, and a missing ``text``, which people would miss."""
    blocks = _objects(payload.get("blocks"))
    return [
        *_schema_problems("slack-blocks.schema.json", "Message", payload),
        *_text_problems(payload),
        *_block_count(blocks, MESSAGE_BLOCKS, "a message"),
        *_surface_problems(blocks, NOT_IN_MESSAGES, "a message"),
        *_blocks_problems(blocks),
        *_payload_totals(blocks),
    ]


def slack_view_problems(view: Json) -> list[str]:
    """What views.open, views.push, views.update or views.publish would refuse."""
    blocks = _objects(view.get("blocks"))
    home = view.get("type") == "home"
    root, forbidden, where = ("Home", NOT_IN_HOME, "Home") if home else ("Modal", NOT_IN_MODALS, "a modal")
    return [
        *_schema_problems("slack-blocks.schema.json", root, view),
        *_block_count(blocks, VIEW_BLOCKS, where),
        *_surface_problems(blocks, forbidden, where),
        *_submit_problems(view),
        *_blocks_problems(blocks),
        *_payload_totals(blocks),
    ]


def slack_manifest_problems(manifest: Json) -> list[str]:
    """What apps.manifest.validate would refuse, as far as Slack's published types tell."""
    return list(_schema_problems("slack-manifest.schema.json", "Manifest", manifest))


def adaptive_card_problems(card: Json) -> list[str]:
    """What Teams would refuse or leave out of a card that is to work on every client."""
    return [
        *_schema_problems("adaptive-card-1.5.json", "AdaptiveCard", card),
        *_version_problems(card),
        *_size_problems(card),
        *_input_problems(card),
        *_execute_problems(card),
        *_alternative_problems(card),
    ]


@cache
def _validator(file: str, root: str) -> Draft7Validator:
    schema = json.loads((SCHEMAS / file).read_text(encoding="utf-8"))
    return Draft7Validator({"$ref": f"#/definitions/{root}", "definitions": schema["definitions"]})


def _schema_problems(file: str, root: str, value: Json) -> Iterator[str]:
    for error in _validator(file, root).iter_errors(value):
        yield from _sentences(error)


def _sentences(error: ValidationError) -> Iterator[str]:
    """Follows a failed choice into the branch whose ``type`` was meant; the other branches only confuse."""
    inner = _meant_branch(error) if error.validator == "anyOf" else error.context
    if not inner:
        place = "".join(f"[{part!r}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
        yield f"{place.lstrip('.') or 'the payload'}: {_complaint(error)}"
        return
    for each in inner:
        yield from _sentences(each)


def _complaint(error: ValidationError) -> str:
    if error.validator in {"maxLength", "maxItems"} and isinstance(error.instance, str | list):
        return f"{len(error.instance)}, at most {error.validator_value}"
    return error.message[:300]


def _meant_branch(error: ValidationError) -> list[ValidationError]:
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context or []:
        branches.setdefault(inner.relative_schema_path[0], []).append(inner)
    meant = [errors for errors in branches.values() if not any(_is_another_type(each) for each in errors)]
    return min(meant, key=len) if meant else []


def _is_another_type(error: ValidationError) -> bool:
    """Whether a branch failed because it describes another ``type`` of thing."""
    if error.validator == "anyOf" and not error.relative_path:
        return not _meant_branch(error)
    return list(error.relative_path) == ["type"]


def _text_problems(payload: Json) -> Iterator[str]:
    if not str(payload.get("text") or "").strip():
        yield "text: missing; notifications and screen readers show nothing else"


def _block_count(blocks: Sequence[Json], most: int, where: str) -> Iterator[str]:
    if len(blocks) > most:
        yield f"blocks: {len(blocks)} in {where}, at most {most}"


def _surface_problems(blocks: Sequence[Json], forbidden: frozenset[str], where: str) -> Iterator[str]:
    for index, block in enumerate(blocks):
        if block.get("type") in forbidden:
            yield f"blocks[{index}]: {block['type']} is not allowed in {where}"


def _submit_problems(view: Json) -> Iterator[str]:
    has_input = any(block.get("type") == "input" for block in _objects(view.get("blocks")))
    if view.get("type") == "modal" and has_input and not view.get("submit"):
        yield "submit: required in a modal with input blocks"


def _blocks_problems(blocks: Sequence[Json]) -> Iterator[str]:
    yield from _repeated("block_id", (b.get("block_id") for b in blocks))
    for index, block in enumerate(blocks):
        place = f"blocks[{index}]"
        yield from _block_problems(place, block)
        yield from _sdk_problems(place, block)
        for inner, part in _parts(block, place):
            yield from _element_problems(inner, part)


def _sdk_problems(place: str, block: Json) -> Iterator[str]:
    """What Slack's own Python models refuse; they know no chart, and read what they do not know as None."""
    try:
        known = Block.parse(deepcopy(block))
        if known is not None:
            known.to_dict()
    except (SlackObjectFormationError, TypeError, AttributeError) as error:
        yield f"{place}: slack_sdk says: {error}"


def _block_problems(place: str, block: Json) -> Iterator[str]:
    match block.get("type"):
        case "section" if not block.get("text") and not block.get("fields"):
            yield f"{place}: a section needs text or fields"
        case "alert" if len(_words(block.get("text"))) > ALERT_CHARS:
            yield f"{place}: an alert holds at most {ALERT_CHARS} characters"
        case "card" if not any(block.get(key) for key in ("title", "body", "hero_image", "actions")):
            yield f"{place}: a card needs a title, a body, a hero image or actions"
        case "data_table" | "table":
            yield from _table_problems(place, block)
    if block.get("type") in {"actions", "context", "context_actions", "carousel"} and not block.get("elements"):
        yield f"{place}: {block['type']} needs at least one element"
    actions = [part.get("action_id") for _, part in _parts(block, place) if part.get("action_id")]
    yield from _repeated(f"{place} action_id", actions)


def _table_problems(place: str, table: Json) -> Iterator[str]:
    rows: list[list[Json]] = table.get("rows") or []
    header = 1 if table["type"] == "data_table" else 0
    if not 1 <= len(rows) - header <= TABLE_ROWS:
        yield f"{place}: {len(rows) - header} rows; between 1 and {TABLE_ROWS}"
    if any(len(row) > TABLE_COLUMNS for row in rows):
        yield f"{place}: at most {TABLE_COLUMNS} columns"
    if len(_words(rows)) > TABLE_CHARS:
        yield f"{place}: at most {TABLE_CHARS} characters in all cells"


def _element_problems(place: str, part: Json) -> Iterator[str]:
    kind = part.get("type")
    options = part.get("options") or []
    if kind == "overflow" and len(options) > OVERFLOW_OPTIONS:
        yield f"{place}: an overflow menu holds at most {OVERFLOW_OPTIONS} options"
    if kind in {"radio_buttons", "checkboxes", "overflow"} and not options:
        yield f"{place}: {kind} needs at least one option"
    yield from _repeated(f"{place} option value", (option.get("value") for option in options))
    if kind in {"mrkdwn", "plain_text"} and not part.get("text"):
        yield f"{place}: text must not be empty"


def _payload_totals(blocks: Sequence[Json]) -> Iterator[str]:
    kinds = [block.get("type") for block in blocks]
    if kinds.count("data_visualization") > CHARTS:
        yield f"blocks: at most {CHARTS} data_visualization blocks"
    if kinds.count("table") > 1:
        yield "blocks: at most 1 table block"
    if sum(len(block.get("text") or "") for block in blocks if block.get("type") == "markdown") > MARKDOWN_CHARS:
        yield f"blocks: at most {MARKDOWN_CHARS} characters in all markdown blocks"
    if len(_words(list(blocks))) > BLOCK_CHARS:
        yield f"blocks: more than {BLOCK_CHARS} characters of text; Slack refuses near 13,200"


def _version_problems(card: Json) -> Iterator[str]:
    if card.get("version") != "1.5":
        yield f"version: {card.get('version')!r}, not '1.5'"


def _size_problems(card: Json) -> Iterator[str]:
    size = len(json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le"))
    if size > CARD_BYTES:
        yield f"the card: {size} bytes as UTF-16, at most {CARD_BYTES}"


def _input_problems(card: Json) -> Iterator[str]:
    inputs = [(place, part) for place, part in _parts(card, "card") if _kind(part).startswith("Input.")]
    yield from _repeated("input id", (part.get("id") for _, part in inputs))
    for place, part in inputs:
        if not part.get("label") and _kind(part) != "Input.Toggle":
            yield f"{place}: an input needs a label"
        if part.get("isRequired") and not part.get("errorMessage"):
            yield f"{place}: a required input needs an errorMessage"


def _execute_problems(card: Json) -> Iterator[str]:
    for place, part in _parts(card, "card"):
        fallback = part.get("fallback")
        if _kind(part) == "Action.Execute" and _kind(fallback) != "Action.Submit":
            yield f"{place}: Action.Execute needs the fallback Action.Submit"


def _alternative_problems(card: Json) -> Iterator[str]:
    for place, part in _parts(card, "card"):
        if _kind(part) == "Image" and not part.get("altText"):
            yield f"{place}: an image needs altText"
        if _kind(part).startswith("Action.") and not part.get("title") and not place.endswith("selectAction"):
            yield f"{place}: an action needs a title"


def _objects(values: object) -> list[Json]:
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def _kind(part: object) -> str:
    return str(part.get("type", "")) if isinstance(part, dict) else ""


def _parts(value: object, place: str) -> Iterator[Place]:
    """Every object inside, with its place, ``value`` itself included; what a button sends back is left out."""
    if isinstance(value, dict):
        yield place, value
        for key, inner in value.items():
            if key not in {"data", "metadata", "fallback"}:
                yield from _parts(inner, f"{place}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _parts(inner, f"{place}[{index}]")


def _words(value: object) -> str:
    """All words people read in a text object, a row of cells or a list of blocks."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(_words(each) for each in value)
    if isinstance(value, dict):
        return "".join(_words(value[key]) for key in READ_BY_PEOPLE if key in value)
    return ""


def _repeated(name: str, values: Iterator[Any] | Sequence[Any]) -> Iterator[str]:
    seen: set[Any] = set()
    for value in values:
        if value is not None and value in seen:
            yield f"{name}: {value!r} is used twice"
        seen.add(value)
