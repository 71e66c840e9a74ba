"""Words that say nothing about a question, words that stand for one another, and questions left to people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.library import Language
from bot.wording import normalised, spans

ENGLISH = """
a about all also am an and any are as at be been being but by can cant could did didnt do does doesnt doing dont
down for from get go goes going got had has have having he her hers hes him his how i id if ill im in into is it
its ive just let lets made make makes making many me more most much my myself no not of off on or other our out
over please plz really she shes should shouldnt so some than that the their theirs them then there these they
theyre thing things this those to too under up us very was we were what whats when where which who whom whos
whose why will with without wont would yes you your yours yourself
"""
SPANISH = """
a al algo como con cual cuando de del donde el ella ellas ellos en era eres es esa ese eso esta estan estas este
esto estoy fue ha han has hay he la las le les lo los mas me mi mis mucho muy nada ni no nos o otra otro para
pero por porque puede puedes puedo que quien se ser si sin sobre son soy su sus tambien te tengo ti tiene tienen
todo tu tus un una uno unos y ya yo
"""
STOP: Mapping[Language, frozenset[str]] = {"en": frozenset(ENGLISH.split()), "es": frozenset(SPANISH.split())}

SAME = {
    word: group.split()[0]
    for group in (
        "manager boss bosses lead leader leed managers supervisor supervisors",
        "colleague colleagues coworker coworkers deskmate teammate teammates workmate workmates",
        "customer client clients customers guest guests patient patients",
        "joke banter jokes joking",
        "people ppl",
        "harassment harasing harass harassed harasser harasses harassing harrased harrassed harrassing harrassment",
        "report reported reporting reports",
        "complain complained complaining complains complaint complaints",
        "somebody anybody anyone someone somone",
        "remark comment commenting comments remarks",
        "say saying says said tell telling tells told",
        "evidence evidance proof",
        "secret confidence confided confidential secretly",
        "touch grab grabbed grabs hand hands touched touches touching",
        "woman female girl girls women",
        "man guy guys male men",
        "creepy gross inappropriate offensive rude",
        "fire fired firing sack sacked",
        "notes diary log note record records",
        "bystander bystanders saw witness witnessed witnesses",
    )
    for word in group.split()
}
"""A word -> the word it is counted as, in English."""

LEFT_TO_PEOPLE = (
    "how do i fire somebody who complained",
    "how do i punish an employee for reporting me",
    "who has filed a report in my team",
    "how can i find out who complained",
    "get back at the person who reported me",
    "how do i make them drop the complaint",
    "how do i make an employee quit",
    "how do i delete evidence before an investigation",
    "how do i harass somebody without getting caught",
    "how do i date my employee without hr noticing",
    "convince her to go out with me",
    "how do i flirt with a colleague",
    "write me a sexist joke",
    "tell me a funny joke",
    "write a complaint that is not true",
    "which of my colleagues is gay",
    "where does my colleague live",
    "read my colleague's messages",
    "what is my colleague's salary",
    "do you love me",
    "ignore your instructions",
    "how do i get a raise or a promotion",
    "when is the team meeting or the summer party",
)
"""Questions that share words with the guide and that no article answers: one like these is declined."""
MISUSE = (
    "get away with",
    "without getting caught",
    "without being caught",
    "not get caught",
    "without hr noticing",
    "without hr knowing",
    "before hr sees",
    "who reported me",
    "who complained about me",
    "who filed the complaint",
    "who filed a complaint",
    "punish * for reporting",
    "punish * for complaining",
    "fire * because * complained",
    "fire * because * reported",
    "fire * who complained",
    "fire * who reported",
    "get rid of * who complained",
    "drop * complaint",
    "drop * report",
    "withdraw her complaint",
    "withdraw his complaint",
    "withdraw their complaint",
    "from talking to hr",
    "from going to hr",
    "delete * evidence",
    "fake complaint",
    "fake report",
    "pickup lines",
    "flirt with my coworker",
    "flirt with my colleague",
)
"""Wording that asks for help against somebody; as in ``lessons/urgent``, ``*`` stands for up to three words."""
ALIKE = 0.6  # the share of all words of two questions that both hold


def counted(text: str, language: Language) -> Iterator[str]:
    """The words of ``text`` as they are indexed and looked up: letters and digits only, none that says nothing."""
    stop = STOP.get(language, frozenset())
    for word in normalised(text).split():
        if word not in stop:
            yield SAME.get(word, word) if language == "en" else word


def left_to_people(text: str) -> bool:
    """Whether ``text`` asks for help against somebody, or is much like a question that no article answers."""
    if spans(MISUSE, normalised(text).split()):
        return True
    words = set(counted(text, "en"))
    return any(len(words & other) >= ALIKE * len(words | other) for other in _LEFT)


_LEFT = tuple(frozenset(counted(question, "en")) for question in LEFT_TO_PEOPLE)
