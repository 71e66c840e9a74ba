"""What is sealed opens with its key, in its place, and in no other way."""

from __future__ import annotations

import pytest

from adapters.database.vault import CannotOpen, Vault

OLD, NEW, OTHER = "old-" * 8, "new-" * 8, "other-" * 8
PLACE = ("case_file.sealed", "48213377")


def test_what_is_sealed_opens_again() -> None:
    vault = Vault(OLD)
    assert vault.open(vault.seal(b"CANARY", *PLACE), *PLACE) == b"CANARY"


def test_the_same_words_never_look_the_same() -> None:
    vault = Vault(OLD)
    sealed = {vault.seal(b"CANARY", *PLACE) for _ in range(50)}
    assert len(sealed) == 50
    assert all(len(one) == 1 + 12 + len(b"CANARY") + 16 for one in sealed)
    assert not any(b"CANARY" in one for one in sealed)


def test_after_a_rotation_old_and_new_open() -> None:
    before = Vault(OLD).seal(b"before", *PLACE)
    rotated = Vault(f"{NEW}, {OLD}")
    after = rotated.seal(b"after", *PLACE)
    assert rotated.open(before, *PLACE) == b"before"
    assert Vault([NEW]).open(after, *PLACE) == b"after"
    with pytest.raises(CannotOpen):
        Vault(OLD).open(after, *PLACE)


def test_a_wrong_key_fails() -> None:
    with pytest.raises(CannotOpen, match="UPSTANDER_KEY"):
        Vault(OTHER).open(Vault(OLD).seal(b"CANARY", *PLACE), *PLACE)


def test_a_wrong_key_with_the_same_id_fails_too() -> None:
    sealed = Vault(OLD).seal(b"CANARY", *PLACE)
    others = [Vault(OTHER + str(n)) for n in range(600)]
    same_id = [vault for vault in others if vault.seal(b"", *PLACE)[:1] == sealed[:1]]
    assert same_id
    with pytest.raises(CannotOpen):
        same_id[0].open(sealed, *PLACE)


@pytest.mark.parametrize("place", [("case_file.sealed", "48213378"), ("case_note.what", "48213377")])
def test_a_sealed_text_does_not_open_in_another_place(place: tuple[str, str]) -> None:
    vault = Vault(OLD)
    with pytest.raises(CannotOpen):
        vault.open(vault.seal(b"CANARY", *PLACE), *place)


@pytest.mark.parametrize("at", [0, 1, 13, -1])
def test_a_changed_byte_is_noticed(at: int) -> None:
    vault = Vault(OLD)
    sealed = bytearray(vault.seal(b"CANARY", *PLACE))
    sealed[at] ^= 1
    with pytest.raises(CannotOpen):
        vault.open(bytes(sealed), *PLACE)


def test_a_room_has_a_key_of_its_own() -> None:
    with pytest.raises(CannotOpen):
        Vault(OLD, "drafts").open(Vault(OLD).seal(b"CANARY", *PLACE), *PLACE)


@pytest.mark.parametrize("keys", ["", " , ", "too short", f"{OLD},short", []])
def test_a_short_or_missing_key_is_refused(keys: str | list[str]) -> None:
    with pytest.raises(ValueError, match="UPSTANDER_KEY needs at least 32 characters"):
        Vault(keys)


def test_the_refusal_does_not_repeat_the_key() -> None:
    with pytest.raises(ValueError) as refused:
        Vault("hunter2")
    assert "hunter2" not in str(refused.value)
