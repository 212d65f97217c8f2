"""Settings: defaults, where they come from, and that every wrong one is named at once and no secret ever."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import arguments
from bot.config import SETTINGS, load
from bot.errors import ButtonExpired, SettingsError

ROOT = Path(__file__).parents[1]
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB"
ROW = re.compile(r"^\| `([A-Z_]+)` \| ?(?:`([^`]*)`)? ?\| (.+) \|$", re.MULTILINE)


def complaint(values: dict[str, str]) -> str:
    """What is said of these settings, nothing where they are sound."""
    try:
        load(values)
    except SettingsError as error:
        return str(error)
    return ""


def test_without_anything_set_the_defaults_hold() -> None:
    settings = load({})
    assert (settings.token, settings.home_server) == ("", 0)
    assert (settings.corpus_folders, settings.data_folder) == ((Path("seeds"),), Path("data"))
    assert (settings.semantic, settings.semantic_model) == (False, None)
    assert (settings.preview_address, settings.preview_player) == (("127.0.0.1", 8080), True)
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 0)
    assert (settings.log_level, settings.log_format) == ("INFO", "auto")


def test_every_setting_is_read() -> None:
    settings = load(
        {
            "DISCORD_TOKEN": f" {TOKEN}\n",
            "HOME_GUILD_ID": "123456789012345678",
            "CORPUS_DIRS": "a, b/c ,,~/d",
            "DATA_DIR": "~/data",
            "SEMANTIC": "On",
            "PREVIEW_ADDRESS": "[::1]:0",
            "PREVIEW_PLAYER": "off",
            "SEMANTIC_MODEL": "~/model",
            "HTTP_PORT": "9464",
            "HTTP_HOST": "::",
            "LOG_LEVEL": "debug",
            "LOG_FORMAT": "JSON",
        }
    )
    assert (settings.token, settings.home_server) == (TOKEN, 123456789012345678)
    assert settings.corpus_folders == (Path("a"), Path("b/c"), Path.home() / "d")
    assert (settings.data_folder, settings.log_level) == (Path.home() / "data", "DEBUG")
    assert (settings.semantic, settings.semantic_model) == (True, Path.home() / "model")
    assert (settings.preview_address, settings.preview_player) == (("::1", 0), False)
    assert (settings.http_host, settings.http_port, settings.log_format) == ("::", 9464, "json")


WRONG = {
    "DISCORD_TOKEN": '"quoted secret"',
    "HOME_GUILD_ID": "my server",
    "CORPUS_DIRS": ",",
    "DATA_DIR": "a\0b",
    "SEMANTIC": "yes",
    "PREVIEW_ADDRESS": "8080",
    "PREVIEW_PLAYER": "no",
    "HTTP_PORT": "70000",
    "HTTP_HOST": "a b",
    "LOG_LEVEL": "LOUD",
    "LOG_FORMAT": "xml",
}


def test_all_wrong_settings_are_named_at_once_with_what_was_expected() -> None:
    with pytest.raises(SettingsError) as refused:
        load(WRONG)
    text = str(refused.value)
    assert all(name in text for name in WRONG)
    assert "HOME_GUILD_ID is 'my server'; expected: a server's id" in text
    assert "LOG_LEVEL is 'LOUD'; expected: one of DEBUG, INFO, WARNING, ERROR" in text
    assert "quoted secret" not in text


@pytest.mark.parametrize("name", WRONG)
def test_one_wrong_setting_is_the_only_one_named(name: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load({name: WRONG[name]})
    assert [other for other in WRONG if other in str(refused.value)] == [name]


@pytest.mark.parametrize("name", [setting.name for setting in SETTINGS])
def test_a_token_never_shows_wherever_it_was_put(name: str) -> None:
    assert TOKEN not in complaint({name: f"{TOKEN}!"})


@pytest.mark.parametrize("text", ["localhost", ":80", "a:b", "a:99999", "a@b:80", "a:80/x", "http://a:80", "[::1"])
def test_what_is_no_host_and_port_is_refused(text: str) -> None:
    assert "expected: a host and a port, such as 127.0.0.1:8080" in complaint({"PREVIEW_ADDRESS": text})


@pytest.mark.parametrize("name", ["CORPUS_DIRS", "DATA_DIR", "SEMANTIC_MODEL"])
def test_the_folder_of_a_user_who_is_not_there_is_refused(name: str) -> None:
    expected = f"{name} is '~nosuchuser/x'; expected: a folder; the name after ~ is that of no user here"
    assert expected in complaint({name: "~nosuchuser/x"})


@pytest.mark.parametrize("text", ["1234567890123456", "98765432109876543210", "01234567890123456"])
def test_an_id_is_what_buttons_carry_too(text: str) -> None:
    assert "expected: a server's id: 17 to 19 digits" in complaint({"HOME_GUILD_ID": text})
    with pytest.raises(ButtonExpired):
        arguments.snowflake(text)


def test_secrets_do_not_show_in_the_settings_repr() -> None:
    assert TOKEN not in repr(load({setting.name: TOKEN for setting in SETTINGS if "TOKEN" in setting.name}))


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_the_file_is_read_also_with_a_windows_editors_mark(mark: bytes, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(mark + f"DISCORD_TOKEN={TOKEN}\r\nLOG_LEVEL=ERROR\r\n".encode())
    settings = load({}, tmp_path / ".env")
    assert (settings.token, settings.log_level) == (TOKEN, "ERROR")


def test_the_environment_wins_over_the_file_unless_it_is_empty(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LOG_LEVEL=ERROR\nDATA_DIR=from-file\n")
    settings = load({"LOG_LEVEL": "WARNING", "DATA_DIR": ""}, tmp_path / ".env")
    assert (settings.log_level, settings.data_folder) == ("WARNING", Path("from-file"))


def test_a_file_that_is_no_text_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("DISCORD_TOKEN=x".encode("utf-16"))
    with pytest.raises(SettingsError, match=r"\.env cannot be read: it is not UTF-8 text\. Mend or remove it"):
        load({}, tmp_path / ".env")


def test_a_dollar_in_a_value_is_only_a_dollar(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DATA_DIR=a${HOME}b\n")
    assert load({}, tmp_path / ".env").data_folder == Path("a${HOME}b")


@given(st.dictionaries(st.sampled_from([setting.name for setting in SETTINGS]), st.text(max_size=80)))
def test_any_values_are_settings_or_named(values: dict[str, str]) -> None:
    text = complaint(values)
    assert not text or any(name in text for name in values)


def test_the_readme_and_the_example_name_every_setting_with_its_default() -> None:
    rows = {name: (default, purpose) for name, default, purpose in ROW.findall((ROOT / "README.md").read_text("utf-8"))}
    assert rows == {setting.name: (setting.default, setting.purpose) for setting in SETTINGS}
    example = (ROOT / ".env.example").read_text("utf-8")
    assert all(f"{setting.name}=" in example for setting in SETTINGS)
