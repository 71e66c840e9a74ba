"""The few sentences Teams itself makes necessary, where no dialogue has a say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Plain text, fixed when the bot starts, because nobody's language is known where they are said.

    private_only: answers a group or a channel. later: it takes longer than Teams waits. failed: something broke.
    noted: a press that changes nothing on the card. open: the button that opens a form.
    not_here: a form was asked for where Teams cannot open one. shortened: closes a card that was too long.
    required: stands at a field left empty. cut: stands at a field that lost the end of what was typed.
    not_taken: a form came back with mistakes too late to be shown again.
    """

    private_only: str = "I only talk in private chats. Please open a chat with me, and nobody else will read along."
    later: str = "This takes a little longer. If nothing changes within a minute, please press again."
    failed: str = "That did not work, and it is not your fault. Please try again in a minute."
    noted: str = "Done."
    open: str = "Open"
    not_here: str = "I can only open this from a button. Please type help."
    shortened: str = "There is more than fits into one message."
    required: str = "Please fill this in."
    cut: str = "This was too long to show again, so its end is missing."
    not_taken: str = "Your form was not taken, because something in it has to change. Please open it once more."


WORDS = Words()
