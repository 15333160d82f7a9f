"""That they do what they say is proved on a server by tests/contracts."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from uptc_messenger.database.arrays import insert_from, unnested, update_from
from uptc_messenger.database.schema import installation

DIALECT = postgresql.dialect()
TYPES = {"name": sa.Text(), "value": sa.Text()}


def test_a_table_of_arrays():
    given = unnested(TYPES)
    text = str(sa.select(given.c.value).compile(dialect=DIALECT))
    assert "FROM unnest(%(name)s::TEXT[], %(value)s::TEXT[]) AS" in text


def test_an_insert_has_one_text_for_any_number_of_rows():
    text = str(insert_from(sa.insert(installation), TYPES).compile(dialect=DIALECT))
    assert text.startswith("INSERT INTO installation (name, value) SELECT")
    assert text.count("unnest(") == 1


def test_an_update_takes_its_parameters_from_arrays():
    update = (
        sa.update(installation)
        .where(installation.c.name == sa.bindparam("key"), installation.c.value != "kept")
        .values(value=sa.bindparam("text"))
    )
    text = str(update_from(update, {"key": sa.Text(), "text": sa.Text()}).compile(dialect=DIALECT))
    assert "SET value=anon_1.text FROM unnest(" in text
    assert "installation.name = anon_1.key" in text
    assert "installation.value != %(value_1)s" in text
