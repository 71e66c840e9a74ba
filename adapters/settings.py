"""The environment, read once into Settings, or one readable error that names each variable."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LESSONS = Path(__file__).parent.parent / "lessons"


class BadSettings(Exception):
    """``str()`` has one line for each variable that is wrong; no value of a secret is in it."""


class Settings(BaseSettings):
    """Every variable is the field's name in capitals. A secret never shows in ``repr``."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore", frozen=True)

    upstander_key: SecretStr = Field(
        SecretStr(""),
        description="Secret that protects reports and tokens, 32 characters or more. To change it, write new,old.",
    )
    database_url: str = Field(
        "sqlite:///upstander.db", description="Where everything is kept: sqlite:///file or postgres://..."
    )
    public_url: str = Field("", description="Address people reach this server at, e.g. https://upstander.example.org")
    organisation: str = Field("your organisation", description="The organisation's name, as people should read it")
    contact: str = Field(
        "", description="Who answers when the bot cannot, e.g. Ana Reyes, HR, ext. 4410; empty: 'your HR team'"
    )
    policy_url: str = Field("", description="Page with your conduct policy; leave empty when there is none")
    report_url: str = Field(
        "", description="Your own web form for reports from outside the chat; leave empty to use ours, at /report"
    )
    trainers: str = Field(
        "", description="E-mail addresses of those who answer questions, with commas between them; empty: HR answers"
    )
    lessons: Path = Field(LESSONS, description="Folder with the lessons, guide and phrases")
    own_articles: Path | None = Field(
        None, description="Folder with your own articles, <language>/<id>.md, beside or in place of ours"
    )
    encoder: Path | None = Field(
        None,
        description="Folder with another sentence encoder for the guide; train it first with train-guide --encoder",
    )
    send_rate: float = Field(5.0, gt=0, le=50, description="Messages a second to one Slack workspace or Teams tenant")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged")
    slack_bot_token: SecretStr = Field(SecretStr(""), description="Slack bot token (xoxb-...); empty without Slack")
    slack_signing_secret: SecretStr = Field(SecretStr(""), description="Slack signing secret, for requests over HTTP")
    slack_app_token: SecretStr = Field(SecretStr(""), description="Slack app token (xapp-...), for Socket Mode")
    slack_api_url: str = Field("", description="Another address of Slack's Web API, for tests")
    teams_app_id: str = Field("", description="Teams: the bot's app (client) id; empty without Teams")
    teams_app_password: SecretStr = Field(SecretStr(""), description="Teams: the bot's client secret")
    teams_tenant_id: str = Field("", description="Teams: the tenant the bot serves")
    teams_auth: Literal["on", "off"] = Field("on", description="off only for tests on this machine")

    @field_validator("database_url")
    @classmethod
    def _database(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "postgres://", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("must start with sqlite:/// or postgres://")
        return url

    @field_validator("own_articles", "encoder", mode="before")
    @classmethod
    def _empty_is_none(cls, folder: object) -> object:
        return folder or None

    @field_validator("public_url", "policy_url", "report_url", "slack_api_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        if url and not url.startswith(("https://", "http://localhost", "http://127.0.0.1")):
            raise ValueError("must start with https:// (http:// only for this machine)")
        return url.rstrip("/")

    @field_validator("trainers")
    @classmethod
    def _addresses(cls, text: str) -> str:
        if any(part.strip() and "@" not in part for part in text.split(",")):
            raise ValueError("must be e-mail addresses with commas between them")
        return text

    @field_validator("upstander_key")
    @classmethod
    def _long_enough(cls, key: SecretStr) -> SecretStr:
        if any(0 < len(part.strip()) < 32 for part in key.get_secret_value().split(",")):
            raise ValueError(
                "needs 32 characters or more; try: python -c 'import secrets; print(secrets.token_hex(32))'"
            )
        return key

    @model_validator(mode="after")
    def _whole_platforms(self) -> Self:
        if self.slack_bot_token.get_secret_value() and not (
            self.slack_signing_secret.get_secret_value() or self.slack_app_token.get_secret_value()
        ):
            raise ValueError("SLACK_BOT_TOKEN needs SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN (Socket Mode)")
        secret = self.teams_app_password.get_secret_value()
        if self.teams_app_id and self.teams_auth == "on" and not (secret and self.teams_tenant_id):
            raise ValueError("TEAMS_APP_ID needs TEAMS_APP_PASSWORD and TEAMS_TENANT_ID")
        return self

    @property
    def keys(self) -> tuple[str, ...]:
        """Newest first."""
        return tuple(part.strip() for part in self.upstander_key.get_secret_value().split(",") if part.strip())

    @property
    def answering(self) -> tuple[str, ...]:
        """Of ``trainers``, in lower case."""
        return tuple(part.strip().lower() for part in self.trainers.split(",") if part.strip())

    @property
    def has_slack(self) -> bool:
        return bool(self.slack_bot_token.get_secret_value())

    @property
    def has_teams(self) -> bool:
        return bool(self.teams_app_id)


def read(**given: object) -> Settings:
    """From the environment; ``given`` wins. Raises BadSettings."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as wrong:
        raise BadSettings("\n".join(_line(error) for error in wrong.errors(include_input=False))) from None


def _line(error: Mapping[str, Any]) -> str:
    name = str(error["loc"][0]).upper() if error["loc"] else ""
    what = str(error["msg"]).removeprefix("Value error, ")
    return f"{name}: {what}" if name else what


def for_serving(settings: Settings, host: str) -> Settings:
    """Refuse what only a demo may do. Raises BadSettings."""
    wrong = []
    if not settings.keys:
        wrong.append("UPSTANDER_KEY: is missing; it protects reports, so nothing starts without it")
    if not settings.public_url and (settings.has_slack or settings.has_teams):
        wrong.append("PUBLIC_URL: is missing; links to cases begin with it")
    if settings.teams_auth == "off" and not is_loopback(host):
        wrong.append(f"TEAMS_AUTH: off is only for 127.0.0.1, and this server listens on {host}")
    if wrong:
        raise BadSettings("\n".join(wrong))
    return settings


def is_loopback(host: str) -> bool:
    """host: a name or an address; IPv6 may stand in brackets, as in a URL."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
