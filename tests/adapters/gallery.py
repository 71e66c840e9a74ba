"""Cards and forms that use every element and field once, and the awkward words that people really type."""

from __future__ import annotations

from bot.cards import Button, Buttons, Card, Divider, Facts, Heading, Link, Note, Table, Text
from bot.forms import ChoiceField, DateField, Form, TextField, TimeField
from bot.phrases import escape

NASTY = "<!channel> *bold* _x_ [click](http://evil.example) <@U1> @everyone & <script>alert(1)</script> `code` \\"

CARDS = {
    "every_element": Card(
        "A lesson for you",
        (
            Heading("Check in first"),
            Text(
                "A **strong** word, an *emphasis*, `code` and [a page](https://example.org/a?b=1&c=2).\n\nA paragraph."
            ),
            Text("1. First\n2. Second\n\n- one\n- two\n  - deeper\n\n> said quietly"),
            Divider(),
            Facts((("Lesson", "3 of 8"), ("Minutes", "2"))),
            Table("Your team", ("Lesson", "Finished"), (("Check in first", "7 of 9"), ("Bring someone in", "5 of 9"))),
            Note("Reviewed 20 November 2026"),
            Buttons(
                (
                    Button("Start", "lesson.start", "first-steps.check-in|own", style="primary"),
                    Button("A", "lesson.answer", "q|0", spoken="A: ask how they are"),
                    Button("Stop it", "push.halt", "c1", style="danger"),
                    Link("Read the policy", "https://example.org/policy"),
                )
            ),
        ),
    ),
    "only_text": Card("Hello", (Text("Hello."),)),
    "nasty_words": Card("Hello", (Heading(NASTY), Text(escape(NASTY)), Note(escape(NASTY)), Facts(((NASTY, NASTY),)))),
    "many_buttons": Card(
        "Pick one", (Text("Pick one."), Buttons(tuple(Button(f"Choice {n}", "guide.show", str(n)) for n in range(8))))
    ),
    "long_text": Card("Long", (Text("\n\n".join(f"Paragraph {n}. " + "word " * 100 for n in range(14))),)),
    "long_table": Card("Long", (Table("All", ("Name", "Done"), tuple((f"Lesson {n}", "yes") for n in range(50))),)),
}

FORMS = {
    "every_field": Form(
        "report.file",
        "Tell the case team",
        "Send",
        (
            TextField("what", "What happened?", hint="In your own words.", required=True, lines=6),
            TextField("where", "Where?", longest=200),
            ChoiceField(
                "readers",
                "Who may read this?",
                (("p-ana", "Ana Reyes"), ("p-ito", "Ito Ken")),
                typed="p-ana\np-ito",
                required=True,
                many=True,
            ),
            ChoiceField("lesson", "Lesson", (("a", "Check in first"), ("b", "Bring someone in")), typed="a"),
            DateField("day", "Which day?", typed="2026-11-23"),
            TimeField("at", "At what time?", typed="10:00", required=True),
        ),
        intro=("Please read this **first**.", "You can leave now."),
        value="draft-1",
        private=True,
    ),
    "one_field": Form("settings.save", "Settings", "Save", (TextField("name", "Name"),)),
}

TYPED = {
    "what": f"It was said twice. {NASTY}",
    "where": "",
    "readers": "p-ito",
    "lesson": "b",
    "day": "2026-12-01",
    "at": "09:30",
}
