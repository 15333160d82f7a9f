import pytest

from tests.architecture import rules
from tests.architecture.source import Module, modules

LONG = "def f():\n" + "    pass\n" * 41

PLANTED: list[tuple[rules.Rule, str]] = [
    (rules.file_is_short, "x = 1\n" * 301),
    (rules.functions_are_short, LONG),
    (rules.functions_take_few_parameters, "def f(a, b, c, *, d, e, f): ..."),
    (rules.tasks_are_owned, "asyncio.create_task(work())"),
    (rules.tasks_are_owned, "self.loop.create_task; loop.create_task(work())"),
    (rules.member_is_minted_in_access, "member = chats.Member(chat_id=c, user_id=u)"),
    (rules.principal_is_minted_in_auth, "Principal(user_id=u)"),
    (rules.logs_name_no_secret, "_log.info(f'sent {message}')"),
    (rules.logs_name_no_secret, "_log.info('sent', text=command.chat_id)"),
    (rules.logs_name_no_secret, "self._log.info('sent', value=command.body)"),
    (rules.types_are_not_silenced, "x = f()  # type: ignore[no-any-return]"),
    (rules.types_are_not_silenced, "# pyright: basic"),
    (rules.comments_are_no_banners, "# Parts ---------"),
]

ALLOWED: list[tuple[rules.Rule, str, str]] = [
    (rules.functions_take_few_parameters, "a.py", "def f(self, a, b, c, d, e): ..."),
    (rules.functions_take_few_parameters, "cli/serve.py", "def f(a, b, c, d, e, f): ..."),
    (rules.functions_take_few_parameters, "controllers/a.py", "@get()\ndef f(a, b, c, d, e, f): 1"),
    (rules.functions_are_short, "database/migrations/versions/0001_first.py", LONG),
    (rules.tasks_are_owned, "toolkit/tasks.py", "asyncio.create_task(work())"),
    (rules.member_is_minted_in_access, "services/chats/access.py", "Member(chat_id=c)"),
    (rules.principal_is_minted_in_auth, "services/auth/service.py", "Principal(user_id=u)"),
    (rules.logs_name_no_secret, "a.py", "_log.info('sent', chat_id=command.chat_id)"),
    (rules.logs_name_no_secret, "a.py", "math.log(text)"),
]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_source_keeps(rule: rules.Rule):
    breaches = [f"{module.name}: {breach}" for module in modules() for breach in rule(module)]
    assert breaches == []


@pytest.mark.parametrize(("rule", "text"), PLANTED)
def test_a_planted_breach_is_found(rule: rules.Rule, text: str):
    assert rule(Module("controllers/planted.py", text))


@pytest.mark.parametrize(("rule", "name", "text"), ALLOWED)
def test_what_is_allowed_is_not_reported(rule: rules.Rule, name: str, text: str):
    assert rule(Module(name, text)) == []


def test_every_rule_has_a_planted_breach():
    assert {rule for rule, _ in PLANTED} == set(rules.RULES)
