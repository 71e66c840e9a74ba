"""Every broken file is named with its line and with what would be right."""

from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from adapters.content import Broken, load
from tests.content.shelf import ARTICLE, COURSE, FILES, LESSON, PHRASES, RESOURCES, URGENT, shelf

LESSON_FILE = "courses/kind/01-first.md"
ARTICLE_FILE = "guide/jokes.md"


def broken(folder: Path, **changed: str) -> list[str]:
    with pytest.raises(Broken) as refused:
        load(shelf(folder, **changed))
    assert str(refused.value) == "\n".join(map(str, refused.value.problems))
    return str(refused.value).split("\n")


def test_a_lesson_becomes_a_value_with_everything_in_its_file(tmp_path: Path) -> None:
    content = load(shelf(tmp_path))
    lesson = content.library.lesson("kind.first")
    assert lesson is not None
    assert [section.heading for section in lesson.sections] == ["", "The situation"]
    assert lesson.sections[1].markdown == "- Ana laughs.\n- **Nobody** else does."
    assert [option.good for option in lesson.questions[0].options] == [True, True, False]
    assert lesson.questions[0].options[0].indirect
    assert lesson.sources[0].read == date(2026, 1, 2)
    assert lesson.version == sha256(LESSON.encode()).hexdigest()[:12]


def test_the_line_ends_of_another_system_change_neither_text_nor_version(tmp_path: Path) -> None:
    here, there = load(shelf(tmp_path / "a")), shelf(tmp_path / "b")
    (there / LESSON_FILE).write_bytes(b"\xef\xbb\xbf" + LESSON.replace("\n", "\r\n").encode())
    assert load(there).library == here.library


def test_phrases_are_flat_and_their_words_normalised(tmp_path: Path) -> None:
    said = load(shelf(tmp_path)).phrases["en"]
    assert said("help.hello", name="Ana") == "Hello Ana"
    assert said.words == {"help": ("help", "")}


CASES = [
    (
        LESSON_FILE,
        "title: A first step",
        "titel: A first step",
        3,
        "`titel` is not a field here: did you mean `title`?",
    ),
    (LESSON_FILE, "minutes: 2", "minutes: 2\nminutes: 3", 5, "`minutes` is here twice: keep one"),
    (LESSON_FILE, "minutes: 2", "minutes: two", 4, "`minutes` must be a whole number from 1 to 4"),
    (LESSON_FILE, "reader: witness", "reader: witnes", 5, "`reader` cannot be `witnes`: did you mean `witness`?"),
    (LESSON_FILE, "reader: witness", "reader: harasser", 5, "`reader` cannot be `harasser`"),
    (LESSON_FILE, "id: kind.first", "id: kind.other", 2, "`id` must be kind.first"),
    (LESSON_FILE, "owner: Learning team", "owner: yes", 12, "`owner` is read as true or false: put quotes around it"),
    (LESSON_FILE, "reviewed: 2026-01-02", "reviewed: 2.1.2026", 13, "`reviewed` must be a date such as 2026-11-20"),
    (LESSON_FILE, "https://example.org/page", "example.org/page", 11, "`url` must be a whole address"),
    (LESSON_FILE, "https://example.org/page", "https://example.org/a) [b](", 11, "`url` must be a whole address"),
    (LESSON_FILE, "ask: What", "ask: So: what", 17, "not YAML here"),
    (LESSON_FILE, "id: first-joke", "id: a|b", 15, "`id` must be small letters, digits and single hyphens"),
    (LESSON_FILE, "kind: respond", "kind: recognise", 21, "`indirect` belongs to `kind: respond` only"),
    (LESSON_FILE, "good: true", "good: maybe", 20, "`good` must be true or false"),
    (LESSON_FILE, "why: It is short", "whi: It is short", 25, "did you mean `why`?"),
    (LESSON_FILE, 'note: ""', "note: |\n  one\n  two", 7, "`note` has several lines: write >- instead of |"),
    (LESSON_FILE, "## The situation", "### The situation", 32, "only `## Heading` is a heading here"),
    (LESSON_FILE, "## The situation", "## The **situation**", 32, "a heading is plain words"),
    (LESSON_FILE, "## The situation", "The situation\n---", 32, "only `## Heading` is a heading here"),
    (LESSON_FILE, "One idea,", "One <b>idea</b>,", 30, "HTML is not used here"),
    (LESSON_FILE, "- Ana laughs.", "![Ana](https://example.org/a.png)", 34, "an image cannot be shown"),
    (LESSON_FILE, "- Ana laughs.", "[Ana](javascript:1)", 34, "this link would not work"),
    (LESSON_FILE, "- Ana laughs.", "Ana | Bo\n--- | ---", 35, "a table cannot be shown: write a list"),
    (LESSON_FILE, "- Ana laughs.", "\n    Ana laughs.\n", 35, "four spaces make this a code block"),
    (LESSON_FILE, "- Ana laughs.", "***", 34, "a line across the page cannot be shown"),
    (LESSON_FILE, "- Ana laughs.", "[ana]: https://example.org", 34, "write the address where the link stands"),
    (LESSON_FILE, "One idea, in a few words.\n", "", 31, "there is no text before the first heading"),
    (LESSON_FILE, "---\nid:", "id:", 1, "the first line must be ---"),
    (LESSON_FILE, "---\nOne", "One", 1, "a line with only --- must follow the fields"),
    (LESSON_FILE, "name: Ana", "name: *who", 9, "* and & are not used here"),
    (ARTICLE_FILE, "level: early", "level: earliest", 4, "did you mean `early`?"),
    (ARTICLE_FILE, "audience: [affected]", "audience: [afected]", 5, "did you mean `affected`?"),
    (ARTICLE_FILE, "[any]", "[usa]", 6, "`usa` is not a place"),
    (ARTICLE_FILE, "id: jokes", "id: joke", 2, "`id` must be jokes: the file's name without .md"),
    (ARTICLE_FILE, "related: []", "related: what-is", 13, "`related` must be a list"),
    ("courses/kind/course.yaml", "id: kind", "id: kin", 1, "`id` must be the folder's name, kind"),
    ("resources.yaml", "[US]", "[usa]", 3, "`usa` is not a country: two capital letters, such as US"),
    ("resources.yaml", "expires: 2026-07-02", "expires: 2026-01-01", 11, "`expires` must be later than `verified_on`"),
    (
        "resources.yaml",
        "contact: Call",
        "contact: Call 116 016\n  translations: {es: {contact: Llama al 116 061}}",
        6,
        "`contact` must hold the numbers and addresses of English, in their order: `Call 116 016`",
    ),
    (
        "resources.yaml",
        "contact: Call",
        "contact: Text HOME\n  translations: {es: {contact: Manda CASA}}",
        6,
        "`contact` must hold the numbers",
    ),
    (
        "resources.yaml",
        "contact: Call",
        "contact: Chat at a.example\n  translations: {es: {contact: Chat en b.example}}",
        6,
        "`contact` must hold the numbers",
    ),
    (
        "resources.yaml",
        'hours: ""',
        'hours: ""\n  translations: {es: {contact: Llama, hours: Siempre}}',
        8,
        "`hours` must say what English says, no more and no less",
    ),
    (
        "resources.yaml",
        'hours: ""',
        "hours: at night\n  translations: {es: {contact: Llama}}",
        8,
        "`hours` must say what English says, no more and no less",
    ),
    ("resources.yaml", 'hours: ""', "hours: x\n  translations: {es: Llama}", 8, "`es` must be two small letters, with"),
    ("resources.yaml", 'hours: ""', "hours: x\n  translations: es", 8, "`translations` must hold languages"),
    ("resources.yaml", 'hours: ""', 'hours: ""\n  translations: {es: {contact: A, url: b}}', 8, "`url` is not a field"),
    ("guide/languages.yaml", "en:", "english:", 1, "`english` is not a language: two small letters, such as es"),
    ("guide/languages.yaml", "complete: true", "compleet: true", 2, "did you mean `complete`?"),
    ("guide/languages.yaml", "en:", "es: {headings: [Uno]}\nen:", 1, "`es` has 1 headings, and English has 2"),
    ("urgent/en.yaml", "[help me now,", "[Help me now!,", 5, "write it as typed words are compared, `help me now`"),
    ("urgent/en.yaml", "* bridge", "bridge *", 5, "begins or ends with *"),
    ("phrases/en.yaml", "{name}", "{name.upper}", 5, "`{name.upper}` must be a plain name in curly brackets"),
    ("phrases/en.yaml", "{name}", "{name!r}", 5, "`{name}` must be a plain name in curly brackets"),
    ("phrases/en.yaml", "{name}", "{name:>9}", 5, "`{name}` must be a plain name in curly brackets"),
    ("phrases/en.yaml", "{name}", "{}", 5, "`{}` must be a plain name in curly brackets"),
    ("phrases/en.yaml", "{name}", "{key}", 5, "`{key}` must be a plain name in curly brackets"),
    ("phrases/en.yaml", "Hello {name}", "Hello {name", 5, "a curly bracket is open or closed alone"),
    ("phrases/en.yaml", "  title: Help", "  yes: Help", 4, "a key is read as true or false: put quotes around it"),
    ("phrases/en.yaml", "title: Help", "title: ''", 4, "`title` is empty: write something"),
]


@pytest.mark.parametrize(("name", "right", "wrong", "line", "what"), CASES)
def test_a_mistake_is_named_with_its_file_its_line_and_what_is_right(
    tmp_path: Path, name: str, right: str, wrong: str, line: int, what: str
) -> None:
    assert right in FILES[name]
    said = broken(tmp_path, **{name: FILES[name].replace(right, wrong, 1)})
    assert any(each.startswith(f"lessons/{name}:{line}: ") and what in each for each in said), said


def test_every_problem_of_every_file_is_listed_at_once(tmp_path: Path) -> None:
    said = broken(
        tmp_path,
        **{LESSON_FILE: LESSON.replace("minutes: 2", "minutes: 9").replace("reader", "raeder")},
        **{"resources.yaml": RESOURCES.replace("kind: crisis", "kind: crises")},
    )
    assert [each.split(": ")[0] for each in said] == [
        f"lessons/{LESSON_FILE}:2",
        f"lessons/{LESSON_FILE}:4",
        f"lessons/{LESSON_FILE}:5",
        "lessons/resources.yaml:4",
    ]


def test_a_file_that_is_not_utf_8_says_so_with_its_line(tmp_path: Path) -> None:
    root = shelf(tmp_path)
    (root / ARTICLE_FILE).write_bytes(ARTICLE.replace("Jokes", "Jók").encode("latin-1"))
    with pytest.raises(Broken, match=r"lessons/guide/jokes\.md:3: this is not UTF-8"):
        load(root)


def test_a_folder_without_content_is_not_a_start(tmp_path: Path) -> None:
    with pytest.raises(Broken) as refused:
        load(tmp_path / "lessons")
    assert {problem.file for problem in refused.value.problems} == {
        "lessons/courses",
        "lessons/guide",
        "lessons/phrases/en.yaml",
        "lessons/resources.yaml",
        "lessons/urgent/en.yaml",
    }


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("courses/kind/1-first.md", "a lesson is called 01-<slug>.md"),
        ("courses/kind/02-first.yaml", "a lesson is called 01-<slug>.md"),
        ("courses/kind/spanish/01-first.md", "a folder here is a translation: two small letters"),
        ("guide/Jokes.md", "an article is called <id>.md"),
        ("urgent/english.yaml", "a file here is called by its language"),
        ("phrases/english.yaml", "a file here is called by its language"),
    ],
)
def test_a_file_of_another_name_is_refused_instead_of_left_out(tmp_path: Path, name: str, what: str) -> None:
    assert any(what in each for each in broken(tmp_path, **{name: "x"}))


def test_one_id_belongs_to_one_file(tmp_path: Path) -> None:
    said = broken(tmp_path, **{"courses/kind/02-first.md": LESSON})
    assert said == [
        "lessons/courses/kind/02-first.md:2: lessons/courses/kind/01-first.md has this id already: ids are used once"
    ]


def test_a_translation_is_found_in_its_language_and_english_stays_the_fallback(tmp_path: Path) -> None:
    lesson = LESSON.replace("A first step", "Un primer paso")
    root = shelf(tmp_path, **{"courses/kind/es/01-first.md": lesson, "guide/es/jokes.md": ARTICLE})
    library = load(root).library
    assert [library.lesson("kind.first", tongue).title for tongue in ("en", "es", "fr")] == [  # type: ignore[union-attr]
        "A first step",
        "Un primer paso",
        "A first step",
    ]
    assert library.articles["es"]["jokes"].language == "es"


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        (
            "courses/kind/es/01-first.md",
            LESSON.replace("good: false", "good: true"),
            "the quiz differs from the English",
        ),
        ("courses/kind/es/01-other.md", LESSON.replace("kind.first", "kind.other"), "has no English lesson"),
        ("guide/es/jokes.md", ARTICLE.replace("early", "today"), "`level` differs from the English article"),
        ("guide/es/joke.md", ARTICLE.replace("id: jokes", "id: joke"), "has no English article"),
        (
            "phrases/es.yaml",
            PHRASES.replace("title", "titel"),
            "`help.titel` is not in English: did you mean `help.title`?",
        ),
        ("phrases/es.yaml", PHRASES.replace("  title: Help\n", ""), "`help.title` is missing: English has it"),
        (
            "phrases/es.yaml",
            PHRASES.replace("{name}", "{nombre}"),
            "`help.hello` must hold the placeholders of English: {name}",
        ),
        ("phrases/es.yaml", PHRASES.replace("  help: [", "  ayuda: ["), "`words.help` is missing: English has it"),
        ("urgent/es.yaml", URGENT, "`language` must be es"),
    ],
)
def test_a_translation_keeps_what_conversations_depend_on(tmp_path: Path, name: str, text: str, what: str) -> None:
    assert any(f"lessons/{name}:" in each and what in each for each in broken(tmp_path, **{name: text}))


def test_a_course_needs_a_lesson(tmp_path: Path) -> None:
    said = broken(tmp_path, **{"courses/empty/course.yaml": COURSE.replace("id: kind", "id: empty")})
    assert said == ["lessons/courses/empty:1: this course has no lesson: add 01-<slug>.md"]


@pytest.mark.parametrize(
    ("field", "here"), [("audience: [affected]", "audience: [hr]"), ("related: []", "related: [x]")]
)
def test_a_translation_is_for_the_same_people_and_leads_on_to_the_same_articles(
    tmp_path: Path, field: str, here: str
) -> None:
    (wrong,) = broken(tmp_path, **{"guide/es/jokes.md": ARTICLE.replace(field, here)})
    assert f"`{field.partition(':')[0]}` differs from the English article" in wrong


def test_a_helpline_tells_the_same_in_other_languages_and_english_where_nobody_wrote_it(tmp_path: Path) -> None:
    text = RESOURCES.replace("contact: Call", "contact: Call 116 123")
    text += "  translations:\n    es: {contact: Llama al 116 123}\n    id: {name: Jalur, contact: Telepon 116 123}\n"
    (line,) = load(shelf(tmp_path, **{"resources.yaml": text})).library.resources
    assert [line.words(tongue).contact for tongue in ("en", "es", "id", "fr")] == [
        "Call 116 123",
        "Llama al 116 123",
        "Telepon 116 123",
        "Call 116 123",
    ]
    assert [line.words(tongue).name for tongue in ("es", "id")] == ["A line", "Jalur"]
