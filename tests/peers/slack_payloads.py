"""Requests as Slack sends them, signed: for what the Slack peer cannot do (clicks, forms, commands, shortcuts).

Shapes follow Slack's reference (docs.slack.dev/reference/interaction-payloads) and the scenario tests of bolt-python
(github.com/slackapi/bolt-python, MIT). Every builder gives ``(body, headers)`` to post as they are:

    slack = SlackRequests(signing_secret, clock=lambda: 1_900_000_000)
    body, headers = slack.pressed("quiz.answer", "q1:2", message=posted)
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

Json = dict[str, Any]
SlackRequest = tuple[str, dict[str, str]]
Typed = Mapping[str, str | Iterable[str] | None]


@dataclass(frozen=True, slots=True)
class SlackRequests:
    """Builds requests from one person in one workspace.

    clock: seconds since 1970; move it to test stale requests.
    """

    signing_secret: str
    clock: Callable[[], float] = time.time
    team: str = "T000000001"
    app_id: str = "A0UPSTAND1"
    user: str = "U0AMINA001"
    user_name: str = "amina"
    channel: str = "D0AMINA001"
    bot_user: str = "U0UPSTAND1"
    trigger_id: str = "111.222.abc"
    response_url: str = "http://127.0.0.1/response"
    enterprise: str | None = None  # an organisation's id makes it an org-wide installation
    _numbers: "count[int]" = field(default_factory=count, repr=False)

    # What the person does

    def command(self, text: str = "", command: str = "/upstander", channel_name: str = "directmessage") -> SlackRequest:
        typed = {
            "token": "unused",
            "team_id": self.team,
            "team_domain": "harbour",
            "channel_id": self.channel,
            "channel_name": channel_name,
            "user_id": self.user,
            "user_name": self.user_name,
            "command": command,
            "text": text,
            "api_app_id": self.app_id,
            "is_enterprise_install": str(bool(self.enterprise)).lower(),
            "response_url": self.response_url,
            "trigger_id": self.trigger_id,
        }
        if self.enterprise:
            typed |= {"enterprise_id": self.enterprise, "enterprise_name": "Harbour group"}
        return self._form(typed)

    def pressed(
        self, action_id: str, value: str = "", message: Json | None = None, block_id: str = "b1", **more: Any
    ) -> SlackRequest:
        """A button in a message. ``message`` as chat.postMessage returned it, to be replaced or thread-checked."""
        shown = {"type": "message", "user": self.bot_user, "ts": "1.1", "text": "", **(message or {})}
        action = self._action({"type": "button", "action_id": action_id, "block_id": block_id, "value": value, **more})
        return self._actions(
            action,
            container={
                "type": "message",
                "message_ts": shown["ts"],
                "channel_id": self.channel,
                "is_ephemeral": False,
            },
            channel={"id": self.channel, "name": "directmessage"},
            message=shown,
            response_url=self.response_url,
        )

    def picked(
        self, action_id: str, value: str, message: Json | None = None, kind: str = "radio_buttons"
    ) -> SlackRequest:
        """An option of radio buttons, a select or an overflow menu in a message."""
        option = {"text": {"type": "plain_text", "text": value}, "value": value}
        return self.pressed(action_id, message=message, type=kind, selected_option=option)

    def pressed_in_home(self, action_id: str, value: str = "", view: Json | None = None) -> SlackRequest:
        return self._pressed_in_view(action_id, value, {"type": "home", **(view or {})})

    def pressed_in_modal(self, action_id: str, value: str = "", view: Json | None = None) -> SlackRequest:
        return self._pressed_in_view(action_id, value, {"type": "modal", **(view or {})})

    def submitted(
        self, callback_id: str, typed: Typed, private_metadata: str = "", view: Json | None = None
    ) -> SlackRequest:
        """A modal sent. typed: field name, used as block_id and action_id -> text, option values, or None if empty."""
        shown = self._view({"type": "modal", "private_metadata": private_metadata, **(view or {})}, callback_id)
        shown["state"] = {"values": {name: {name: _state(value)} for name, value in typed.items()}}
        return self._interaction({"type": "view_submission", "view": shown, "response_urls": []})

    def closed(self, callback_id: str, private_metadata: str = "", is_cleared: bool = False) -> SlackRequest:
        shown = self._view({"type": "modal", "private_metadata": private_metadata}, callback_id)
        return self._interaction({"type": "view_closed", "view": shown, "is_cleared": is_cleared})

    def shortcut(self, callback_id: str) -> SlackRequest:
        """A global shortcut, from the search bar."""
        return self._interaction({"type": "shortcut", "callback_id": callback_id, "action_ts": self._stamp()})

    def message_shortcut(self, callback_id: str, text: str, author: str = "U0SOMEBODY") -> SlackRequest:
        """A shortcut on somebody's message."""
        return self._interaction(
            {
                "type": "message_action",
                "callback_id": callback_id,
                "action_ts": self._stamp(),
                "message_ts": "1.1",
                "channel": {"id": self.channel, "name": "directmessage"},
                "message": {"type": "message", "user": author, "ts": "1.1", "text": text, "team": self.team},
                "response_url": self.response_url,
            }
        )

    # What Slack tells

    def said(self, text: str, event_id: str | None = None, **more: Any) -> SlackRequest:
        """``message.im``. For a thread add ``thread_ts``; for an edit ``subtype="message_changed"``."""
        stamp = self._stamp()
        message = {
            "type": "message",
            "channel": self.channel,
            "channel_type": "im",
            "user": self.user,
            "text": text,
            "ts": stamp,
            "event_ts": stamp,
            "team": self.team,
            **more,
        }
        return self.event(message, event_id)

    def opened(self, tab: str = "home", event_id: str | None = None) -> SlackRequest:
        """``app_home_opened``; tab: home or messages."""
        happened = {"type": "app_home_opened", "user": self.user, "channel": self.channel, "tab": tab}
        return self.event(happened | {"event_ts": self._stamp()}, event_id)

    def uninstalled(self, event_id: str | None = None) -> SlackRequest:
        return self.event({"type": "app_uninstalled", "event_ts": self._stamp()}, event_id)

    def revoked(self, *bots: str, event_id: str | None = None) -> SlackRequest:
        return self.event({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": list(bots)}}, event_id)

    def event(self, event: Json, event_id: str | None = None) -> SlackRequest:
        """Any event of the Events API. Give ``event_id`` to repeat a delivery."""
        whose = {
            "enterprise_id": self.enterprise,
            "team_id": None if self.enterprise else self.team,
            "user_id": self.bot_user,
            "is_bot": True,
            "is_enterprise_install": bool(self.enterprise),
        }
        return self._json(
            {
                "token": "unused",
                "team_id": self.team,
                "enterprise_id": self.enterprise,
                "api_app_id": self.app_id,
                "event": event,
                "type": "event_callback",
                "event_id": event_id or f"Ev{next(self._numbers):08d}",
                "event_time": int(self.clock()),
                "authorizations": [whose],
                "is_ext_shared_channel": False,
            }
        )

    def url_verification(self, challenge: str = "3eZbrw1a") -> SlackRequest:
        return self._json({"token": "unused", "challenge": challenge, "type": "url_verification"})

    def retried(self, request: SlackRequest, number: int = 1, reason: str = "http_timeout") -> SlackRequest:
        """The same delivery once more, as Slack marks it."""
        body, headers = request
        return body, headers | {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}

    def signed(self, body: str, content_type: str) -> dict[str, str]:
        stamp = str(int(self.clock()))
        signature = SignatureVerifier(self.signing_secret).generate_signature(timestamp=stamp, body=body)
        return {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature or "",
        }

    # How it is wrapped

    def _form(self, fields: Mapping[str, str]) -> SlackRequest:
        body = urlencode(fields)
        return body, self.signed(body, "application/x-www-form-urlencoded")

    def _json(self, payload: Json) -> SlackRequest:
        body = json.dumps(payload)
        return body, self.signed(body, "application/json")

    def _interaction(self, payload: Json) -> SlackRequest:
        whole = {
            "token": "unused",
            "api_app_id": self.app_id,
            "team": None if self.enterprise else {"id": self.team, "domain": "harbour"},
            "enterprise": {"id": self.enterprise, "name": "Harbour group"} if self.enterprise else None,
            "is_enterprise_install": bool(self.enterprise),
            "user": {"id": self.user, "username": self.user_name, "name": self.user_name, "team_id": self.team},
            "trigger_id": self.trigger_id,
            **payload,
        }
        return self._form({"payload": json.dumps(whole)})

    def _actions(self, action: Json, **where: Any) -> SlackRequest:
        return self._interaction({"type": "block_actions", "actions": [action], **where})

    def _action(self, action: Json) -> Json:
        return {"text": {"type": "plain_text", "text": "Button"}, "action_ts": self._stamp(), **action}

    def _pressed_in_view(self, action_id: str, value: str, view: Json) -> SlackRequest:
        shown = self._view(view, view.get("callback_id", ""))
        action = self._action({"type": "button", "action_id": action_id, "block_id": "b1", "value": value})
        return self._actions(action, container={"type": "view", "view_id": shown["id"]}, view=shown)

    def _view(self, view: Json, callback_id: str) -> Json:
        return {
            "id": "V0VIEW0001",
            "team_id": self.team,
            "title": {"type": "plain_text", "text": "Form"},
            "blocks": [],
            "callback_id": callback_id,
            "private_metadata": "",
            "state": {"values": {}},
            "hash": "1.abc",
            "previous_view_id": None,
            "root_view_id": "V0VIEW0001",
            "app_id": self.app_id,
            "bot_id": "B0UPSTAND1",
            **view,
        }

    def _stamp(self) -> str:
        return f"{int(self.clock())}.{next(self._numbers):06d}"


def _state(value: str | Iterable[str] | None) -> Json:
    """How a view's state holds one field: text, or the chosen options."""
    if value is None or isinstance(value, str):
        return {"type": "plain_text_input", "value": value or None}
    chosen = [{"text": {"type": "plain_text", "text": one}, "value": one} for one in value]
    return {"type": "checkboxes", "selected_options": chosen}


def chosen(value: str) -> Json:
    """State of a select or of radio buttons, to put into ``submitted(view={"state": ...})``."""
    return {
        "type": "static_select",
        "selected_option": {"text": {"type": "plain_text", "text": value}, "value": value},
    }
