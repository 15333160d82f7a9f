import re
from pathlib import Path

import msgspec
import pytest

from uptc_messenger import settings
from uptc_messenger.settings import Source


def read(
    options: dict[str, object] | None = None,
    environment: dict[str, str] | None = None,
    file: Path | None = None,
) -> settings.Settings:
    return settings.build(settings.collect(options or {}, environment or {}, file))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "uptc.toml"
    path.write_text('port = 9001\nhost = "10.0.0.1"\norigins = ["https://a.example"]\n')
    return path


def test_roles_are_those_that_there_are_and_some_of_them_need_a_bus():
    bus: dict[str, object] = {"bus": "nats://127.0.0.1:1"}
    assert read().server.roles == ("gateway", "api", "worker")
    split = read({"roles": "api, worker", **bus})
    assert split.server.roles == ("api", "worker")
    allowed = "--roles cannot be used: it is a list, and each in it one of .*api.*, and not 'apy'"
    with pytest.raises(settings.SettingsError, match=allowed):
        read({"roles": "apy", **bus})
    with pytest.raises(settings.SettingsError, match="a node has a role"):
        read({"roles": "", **bus})
    with pytest.raises(settings.SettingsError, match="needs a bus"):
        read({"roles": "api"})


def test_without_anything_there_are_defaults():
    server = read().server
    assert (server.host, server.port) == ("127.0.0.1", 8000)
    assert server.limits == "on"


def test_an_option_wins_over_the_environment_and_that_over_the_file(file: Path):
    environment = {"UPTC_HOST": "10.0.0.2", "UPTC_PORT": "9002"}
    server = read({"port": 9003, "host": None}, environment, file).server
    assert (server.port, server.host) == (9003, "10.0.0.2")
    assert server.origins == ("https://a.example",)


def test_each_value_knows_its_source(file: Path):
    values = settings.collect({"port": 1}, {"UPTC_DATA": "/srv"}, file)
    sources = {name: values[name].source for name in ("port", "data", "host", "bus")}
    assert sources == {
        "port": Source.OPTION,
        "data": Source.ENVIRONMENT,
        "host": Source.FILE,
        "bus": Source.DEFAULT,
    }


def test_the_environment_can_name_the_file(file: Path):
    assert read(environment={"UPTC_CONFIG": str(file)}).server.port == 9001


def test_the_database_stands_in_the_data_folder_unless_named(tmp_path: Path):
    assert read({"data": str(tmp_path)}).database.url == f"sqlite:///{tmp_path}/uptc.db"
    named = read({"data": str(tmp_path), "database": "postgresql://h/d"})
    assert named.database.url == "postgresql://h/d"


def test_a_list_is_written_with_commas_in_the_environment():
    server = read(environment={"UPTC_ORIGINS": "https://a.example, https://b.example,"}).server
    assert server.origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize(
    ("options", "environment", "place"),
    [
        ({}, {"UPTC_PORT": "many"}, "UPTC_PORT"),
        ({}, {"UPTC_LIMITS": "perhaps"}, "UPTC_LIMITS"),
        ({"port": 70_000}, {}, "--port"),
        ({"registration": "sometimes"}, {}, "--registration"),
        ({"bus": "pigeon"}, {}, "bus is to be memory"),
        ({}, {"UPTC_PUBLIC_URL": "chat.example.edu"}, "chat.example.edu"),
        ({}, {"UPTC_ORIGINS": "https://a.example/path"}, "https://a.example/path"),
        ({}, {"UPTC_TRUSTED_PROXY": "localhost"}, "localhost"),
    ],
)
def test_a_value_of_the_wrong_form_is_refused_by_its_place(
    options: dict[str, object], environment: dict[str, str], place: str
):
    with pytest.raises(settings.SettingsError, match=place):
        read(options, environment)


NUMBERS = {
    s.name: kind
    for s in settings.settings()
    for field in msgspec.structs.fields(settings.SECTIONS[s.section])
    if field.name == s.field and re.search(r"\b(int|float)\b", str(kind := field.type))
}


def test_there_are_numbers_and_lists_of_them():
    assert {"port", "database_pool_size", "backup_every_h", "previews_ports"} <= NUMBERS.keys()


@pytest.mark.parametrize("number", ["-1", str(10**30), "1e30", "inf", "-inf", "nan"])
@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_has_bounds_and_a_sentence_that_names_them(
    tmp_path: Path, name: str, number: str
):
    path = tmp_path / "uptc.toml"
    listed = str(NUMBERS[name]).startswith("tuple")
    path.write_text(f"{name} = [{number}]" if listed else f"{name} = {number}")
    said = r"cannot be used: .*number (from \S+ to|above \S+, at most) \d+, and not "
    with pytest.raises(settings.SettingsError, match=f"{name} in the configuration file {said}"):
        read(file=path)
    with pytest.raises(settings.SettingsError, match=f"UPTC_{name.upper()} {said}"):
        read(environment={f"UPTC_{name.upper()}": number})


def test_every_default_is_within_its_bounds():
    built = read()
    for s in settings.settings():
        section, kind = getattr(built, s.section), settings.SECTIONS[s.section]
        assert msgspec.convert(msgspec.to_builtins(section), type=kind) == section


def test_a_wrong_choice_is_told_what_there_is(tmp_path: Path):
    with pytest.raises(settings.SettingsError, match=r"one of .*\bauto\b.*, and not 'maybe'\."):
        read(environment={"UPTC_LOG_FORMAT": "maybe"})
    with pytest.raises(settings.SettingsError, match=r"it is true or false, and not 'maybe'\."):
        read(environment={"UPTC_BUS_INSECURE": "maybe"})
    path = tmp_path / "uptc.toml"
    path.write_text("mail_password = 1234\n")
    with pytest.raises(settings.SettingsError, match=r"cannot be used: it is a text\.$"):
        read(file=path)


def test_a_file_with_a_misspelt_setting_is_refused_with_a_suggestion(tmp_path: Path):
    path = tmp_path / "uptc.toml"
    path.write_text('registraton = "closed"\n')
    with pytest.raises(settings.SettingsError, match=r"Did you mean registration\?"):
        read(file=path)


@pytest.mark.parametrize("text", [b"port =", b"\xff"])
def test_a_file_that_is_not_toml_is_refused(tmp_path: Path, text: bytes):
    path = tmp_path / "uptc.toml"
    path.write_bytes(text)
    with pytest.raises(settings.SettingsError, match=r"uptc\.toml"):
        read(file=path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(settings.SettingsError, match=r"none\.toml"):
        read(file=tmp_path / "none.toml")


def test_a_wrong_type_in_the_file_is_refused_by_the_name(tmp_path: Path):
    path = tmp_path / "uptc.toml"
    path.write_text('port = "9000"\n')
    with pytest.raises(settings.SettingsError, match="port in the configuration file"):
        read(file=path)


def test_a_misspelt_variable_is_told():
    environment = {"UPTC_REGISTRATON": "closed", "UPTC_PORT": "1", "UPTC_CONFIG": "x", "HOME": "/"}
    [sentence] = settings.unknown_variables(environment)
    assert "Did you mean UPTC_REGISTRATION?" in sentence


def test_no_two_settings_share_a_name():
    names = [s.name for s in settings.settings()]
    assert len(names) == len(set(names))


def test_a_node_of_several_keeps_no_files_for_itself():
    def told(**options: object) -> str | None:
        return settings.lonely_files(settings.build(settings.collect(options, {})))

    several = {"bus": "nats://127.0.0.1:4222"}
    assert told() is None
    assert "files_shared" in (told(**several) or "")
    assert told(**several, files_shared=True) is None
    assert told(**several, files="s3://bucket") is None
    assert told(**several, roles=["gateway"]) is None
