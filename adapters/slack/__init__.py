"""Slack's front door: the only folder that knows the Slack SDK. ``SlackFront`` is what wiring builds."""

from adapters.slack.app import SlackFront

__all__ = ["SlackFront"]
