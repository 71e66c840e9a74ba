from __future__ import annotations

import json
from pathlib import Path

import pytest

from adapters.settings import BadSettings, Settings, for_serving, is_loopback, read

ROOT = Path(__file__).parents[2]
KEY = "k" * 32
FROM_ADD_ON = {"DATABASE_URL"}
NOT_ON_HEROKU = {"LESSONS", "SLACK_API_URL", "TEAMS_AUTH"}  # a folder of the checkout, and two for tests


def test_every_variable_that_is_wrong_is_named_in_one_message() -> None:
    with pytest.raises(BadSettings) as wrong:
        read(public_url="ftp://x", send_rate=0, upstander_key="short-secret")
    lines = str(wrong.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["UPSTANDER_KEY", "PUBLIC_URL", "SEND_RATE"]
    assert "short-secret" not in str(wrong.value)


def test_who_answers_is_a_list_of_addresses() -> None:
    assert read(trainers=" Ana@Acme.example, bo@acme.example ,").answering == ("ana@acme.example", "bo@acme.example")
    assert read().answering == ()
    with pytest.raises(BadSettings, match="TRAINERS"):
        read(trainers="Ana Reyes")


def test_a_half_configured_platform_is_refused() -> None:
    with pytest.raises(BadSettings, match="SLACK_SIGNING_SECRET"):
        read(slack_bot_token="xoxb-1")
    with pytest.raises(BadSettings, match="TEAMS_APP_PASSWORD"):
        read(teams_app_id="app")


def test_serving_needs_a_key_and_an_address() -> None:
    with pytest.raises(BadSettings, match=r"UPSTANDER_KEY.*\nPUBLIC_URL"):
        for_serving(read(slack_bot_token="xoxb-1", slack_app_token="xapp-1"), "0.0.0.0")


def test_teams_without_authentication_is_only_for_this_machine() -> None:
    settings = read(upstander_key=KEY, public_url="https://x.example", teams_app_id="a", teams_auth="off")
    assert for_serving(settings, "127.0.0.1") is settings
    with pytest.raises(BadSettings, match="TEAMS_AUTH"):
        for_serving(settings, "0.0.0.0")


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("127.evil.example", False),
    ],
)
def test_loopback_is_told_from_the_address(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_secrets_do_not_show() -> None:
    settings = read(upstander_key=KEY, slack_bot_token="xoxb-SECRET", slack_signing_secret="SIGNSECRET")
    assert KEY not in repr(settings) and "SECRET" not in repr(settings)


def test_keys_are_listed_newest_first() -> None:
    assert read(upstander_key=f"{'n' * 32}, {'o' * 32}").keys == ("n" * 32, "o" * 32)


def test_the_app_manifest_and_the_settings_name_the_same_variables() -> None:
    env = set(json.loads((ROOT / "app.json").read_text())["env"])
    fields = {name.upper() for name in Settings.model_fields}
    assert env == fields - FROM_ADD_ON - NOT_ON_HEROKU


def test_the_app_boots_with_the_defaults_of_its_manifest() -> None:
    env = json.loads((ROOT / "app.json").read_text())["env"]
    given = {
        name.lower(): KEY if "generator" in spec else spec["value"]
        for name, spec in env.items()
        if set(spec) & {"value", "generator"}
    }
    assert for_serving(read(**given), "0.0.0.0").keys == (KEY,)


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_an_empty_folder_of_own_articles_is_none() -> None:
    assert read(own_articles="").own_articles is None
    assert read(own_articles="/srv/own").own_articles == Path("/srv/own")
