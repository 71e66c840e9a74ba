"""The command line. It stands above the adapters: it reads settings, builds, runs, and prints."""

from __future__ import annotations

import typer

from adapters.cli import bench, bench_guide, doctor, guide, office, run, train

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="""Upstander: a chatbot for Slack and Microsoft Teams that helps people treat each other well at work.

Try it without any account: `python3 dev.py demo`. What is configured and what is missing: `python -m bot doctor`.""",
)
people = typer.Typer(no_args_is_help=True, help="Who works here.")
campaign = typer.Typer(no_args_is_help=True, help="Lessons that HR sends to an audience.")
measure = typer.Typer(no_args_is_help=True, help="Measure on this machine, beside peers.")

app.command()(run.serve)
app.command()(run.work)
app.command()(run.demo)
app.command()(run.migrate)
app.command()(run.teams_app)
app.command()(doctor.doctor)
app.command()(guide.lint)
app.command()(guide.ask)
app.command()(train.train_guide)
people.command("import")(office.import_people)
campaign.command("push")(office.push)
campaign.command("status")(office.status)
campaign.command("stop")(office.stop)
app.command()(office.summary)
app.command()(office.feedback)
measure.command("inbound")(bench.inbound)
measure.command("guide")(bench_guide.guide)
app.add_typer(people, name="people")
app.add_typer(campaign, name="campaign")
app.add_typer(measure, name="bench")


def main() -> None:
    app(prog_name="python -m bot")
