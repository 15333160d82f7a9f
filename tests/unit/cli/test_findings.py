import msgspec

from uptc_messenger.cli.findings import Finding


def test_a_finding_is_for_programs_too():
    found = Finding(name="disk", verdict="ok", told="There is room.")
    assert msgspec.json.decode(msgspec.json.encode(found), type=Finding) == found
