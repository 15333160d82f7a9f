from uptc_messenger.toolkit.troubles import Trouble


def test_each_reason_begins_once_and_all_end_once():
    trouble = Trouble()
    assert not trouble.ends()
    assert [trouble.begins("disk_full") for _ in range(3)] == [True, False, False]
    assert trouble.begins("ZeroDivisionError")
    assert trouble.begins("disk_full")
    assert [trouble.ends(), trouble.ends()] == [True, False]
    assert trouble.begins("disk_full")
