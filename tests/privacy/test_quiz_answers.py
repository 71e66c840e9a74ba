"""What somebody answers in a quiz is for their own learning: HR and managers see the same, whatever it was."""

from __future__ import annotations

from datetime import timedelta

from bot.needs import OwnProgress, Progress
from tests.privacy.sinks import stored
from tests.privacy.town import Town
from tests.privacy.two_worlds import LESSON, RUN, Looking, world
from tests.story.house import MONDAY

AFTER_THE_PUSH = MONDAY + timedelta(days=1, hours=3, minutes=10)  # in London, where Sam and HR are
LOOKING = ("Tomás", "Noor")


async def test_managers_and_hr_get_the_same_for_good_and_for_other_answers(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await learn(here, good=True)
        found = [await Looking(here, name).around("00000000") for name in LOOKING]
        right = stored(sqlite_url)["record.correct"]
    async with world(sqlite_url) as here:
        await learn(here, good=False)
        assert [await Looking(here, name).around("00000000") for name in LOOKING] == found
        assert stored(sqlite_url)["record.correct"] != right


async def learn(here: Town, good: bool) -> None:
    """Sam takes the pushed lesson to its end, and so does nobody else."""
    here.house.clock.jump(AFTER_THE_PUSH)
    await here.settle()
    sam = await here.on("slack", "Sam")
    lesson = here.house.built.content.library.lesson(LESSON)
    assert lesson
    await sam.presses("lesson.start", f"{LESSON}|{RUN}")
    await sam.presses("lesson.next", f"{LESSON}|{RUN}")
    for question in lesson.questions:
        chosen = next(n for n, option in enumerate(question.options) if option.good is good)
        await sam.presses("lesson.answer", f"{LESSON}|{RUN}|{question.id}|{chosen}")
    await here.settle()
    own = await here.house.built.database.reads.find(OwnProgress(await here.id("Sam")))
    assert isinstance(own, Progress)
    assert own.finished == (LESSON,)
