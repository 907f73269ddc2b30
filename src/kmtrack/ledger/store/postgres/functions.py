"""Functions: the only way in which brokers write rows, verdicts and words, in a transaction with a command.

A function takes many rows at once, as JSON. It demands that the transaction has a command of the
logged-in user; the owner of the tables needs none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.ledger.schema.choices import CHOICES
from kmtrack.ledger.schema.fields import fields_of
from kmtrack.ledger.schema.nouns import NOUNS, TABLES
from kmtrack.ledger.settings import REMOVED_PREFIX
from kmtrack.ledger.store.postgres.guard import FUNCTIONS, SECURE, guard_statements
from kmtrack.rules.judgement import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.schema.nouns import Noun

_BEGINNING: Final = f"""RETURNS void LANGUAGE plpgsql
{SECURE} AS $$
BEGIN
    PERFORM kmtrack.own_command();"""
_PUT: Final = """
CREATE OR REPLACE FUNCTION put_{noun}(put_rows json, are_new boolean) {beginning}{first}
    IF are_new THEN
        INSERT INTO kmtrack.{noun} ({columns})
        SELECT {columns} FROM json_populate_recordset(NULL::kmtrack.{noun}, put_rows);
        RETURN;
    END IF;{before}
    INSERT INTO kmtrack.{noun} AS there ({columns})
    SELECT {columns} FROM json_populate_recordset(NULL::kmtrack.{noun}, put_rows)
    ON CONFLICT (id) DO UPDATE SET {sets};
END $$
"""
# No two companies may have one number even for a moment.
_FREE_NUMBERS: Final = """
    UPDATE kmtrack.company SET cvr = NULL
    FROM json_populate_recordset(NULL::kmtrack.company, put_rows) AS put
    WHERE company.id = put.id
        AND (company.cvr, company.withdrawn) IS DISTINCT FROM (put.cvr, put.withdrawn);"""
# By a false contract a broker would end the work of all.
_KEEP_CONTRACT: Final = """
    IF NOT kmtrack.is_owner() AND EXISTS (
        SELECT 1 FROM json_populate_recordset(NULL::kmtrack.contract, put_rows) AS put
        LEFT JOIN kmtrack.contract AS there USING (id)
        WHERE (put.document, put.withdrawn) IS DISTINCT FROM (there.document, there.withdrawn)
    ) THEN
        RAISE EXCEPTION 'the contract is the owner''s' USING ERRCODE = 'insufficient_privilege';
    END IF;"""
# With a word that is none of its choice no list and no count can be shown any more.
_KEEP_READABLE: Final = """
    IF NOT kmtrack.is_owner() AND EXISTS (
        SELECT 1 FROM json_populate_recordset(NULL::kmtrack.{table}, {rows}) WHERE {wrong}
    ) THEN
        RAISE EXCEPTION 'a row as no program reads it' USING ERRCODE = 'check_violation';
    END IF;"""
# Pairs of a requirement and a reason.
_REASONS: Final = r'^\[(\["[a-z_]+","[a-z_]+"\](,\["[a-z_]+","[a-z_]+"\])*)?\]$'
_WRONG_VERDICT: Final = (
    f"outcome NOT IN {OUTCOMES} OR reasons !~ '{_REASONS}'"
    " OR day <> '' AND day <> to_char(to_date(day, 'YYYY-MM-DD'), 'YYYY-MM-DD')"
)
# What columns with JSON may not be.
_WRONG_JSON: Final = {
    "company": r"""json_typeof(other_names::json) <> 'array' OR json_typeof(later::json) <> 'object'
        OR EXISTS (
            SELECT 1 FROM json_each(later::json) AS facts
            WHERE facts.key !~ '^\d{4}-\d\d-\d\d$' OR json_typeof(facts.value) <> 'object')""",
    "survey": "json_typeof(answers::json) <> 'object'",
}
# What only this table holds is lost once it is overwritten.
_KEPT: Final = {"person": frozenset({"name", "secret"})}
_SET: Final = '"{column}" = excluded."{column}"'
_SET_BY_OWNER: Final = """"{column}" = CASE WHEN kmtrack.is_owner()
        THEN excluded."{column}" ELSE there."{column}" END"""

# What is gone has no row that tells who removed it.
_NOTE_REMOVED: Final = """
        INSERT INTO kmtrack.setting (name, value)
        SELECT DISTINCT '{prefix}' || {what}, command.token
        FROM removed JOIN kmtrack.command ON command.number = kmtrack.own_command()
        WHERE NOT kmtrack.is_owner(){but}
        ON CONFLICT (name) DO UPDATE SET value = excluded.value"""
_NOT_REPLACED: Final = """ AND (removed.record_id, removed.target) NOT IN (
            SELECT put.record_id, put.target
            FROM json_to_recordset(new) AS put (record_id text, target text))"""
# The tallies follow from what is removed and stored, whatever the caller says.
_REPLACE_VERDICTS: Final = """
CREATE OR REPLACE FUNCTION replace_verdicts(gone json, new json) {beginning}{readable}
    WITH removed AS (
        DELETE FROM kmtrack.verdict USING json_to_recordset(gone)
            AS old (company_id text, record_id text, target text)
        WHERE verdict.company_id = old.company_id AND verdict.record_id = old.record_id
            AND verdict.target = old.target
        RETURNING verdict.record_id, verdict.target, verdict.outcome, verdict.day
    ), noted AS ({noted_verdicts}
    )
    INSERT INTO kmtrack.tally (target, outcome, day, number)
    SELECT target, outcome, day, -count(*) FROM removed GROUP BY target, outcome, day
    ON CONFLICT (target, outcome, day) DO UPDATE SET number = tally.number + excluded.number;
    WITH stored AS (
        INSERT INTO kmtrack.verdict ({columns})
        SELECT {columns} FROM json_populate_recordset(NULL::kmtrack.verdict, new)
        RETURNING target, outcome, day
    )
    INSERT INTO kmtrack.tally (target, outcome, day, number)
    SELECT target, outcome, day, count(*) FROM stored GROUP BY target, outcome, day
    ON CONFLICT (target, outcome, day) DO UPDATE SET number = tally.number + excluded.number;
END $$
"""
_REPLACE_WORDS: Final = """
CREATE OR REPLACE FUNCTION replace_name_words(gone json, new json) {beginning}
    WITH removed AS (
        DELETE FROM kmtrack.name_word USING json_array_elements(gone) AS pair
        WHERE word = pair ->> 0 AND company_id = pair ->> 1
        RETURNING company_id
    ){noted_words};
    INSERT INTO kmtrack.name_word (word, company_id)
    SELECT pair ->> 0, pair ->> 1 FROM json_array_elements(new) AS pair
    ON CONFLICT DO NOTHING;
END $$
"""
# A file in which all is known is noted without a command: of records that are here, and no more.
_PUT_PLACES: Final = """
CREATE OR REPLACE FUNCTION put_places(places json) RETURNS void LANGUAGE sql {secure} AS $$
    SELECT kmtrack.lock_ledger();
    INSERT INTO kmtrack.imported_row (record_id, place)
    SELECT pair ->> 0, pair ->> 1 FROM json_array_elements(places) AS pair
    WHERE pair ->> 1 ~ '^[0-9a-f]{{16}}$'
        AND EXISTS (SELECT 1 FROM kmtrack.entry WHERE record_id = pair ->> 0)
    ON CONFLICT (record_id) DO UPDATE SET place = excluded.place
$$
"""
_OF_TABLES: Final = (
    "replace_verdicts(json, json)",
    "replace_name_words(json, json)",
    "put_places(json)",
)


def function_statements() -> Iterator[str]:
    """Yield the statements that make all functions and triggers, executable by the owner only."""
    yield from guard_statements()
    for noun in NOUNS.values():
        yield _put(noun)
    verdict = ", ".join(TABLES["verdict"])
    noted = {
        "noted_verdicts": _NOTE_REMOVED.format(
            prefix=f"{REMOVED_PREFIX}verdict ",
            what="removed.record_id || ' ' || removed.target",
            but=_NOT_REPLACED,
        ),
        "noted_words": _NOTE_REMOVED.format(
            prefix=f"{REMOVED_PREFIX}name_word ", what="removed.company_id", but=""
        ),
    }
    readable = _KEEP_READABLE.format(table="verdict", rows="new", wrong=_WRONG_VERDICT)
    for text in (_REPLACE_VERDICTS, _REPLACE_WORDS, _PUT_PLACES):
        yield text.format(
            beginning=_BEGINNING, secure=SECURE, columns=verdict, readable=readable, **noted
        )
    for function in functions():
        yield f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC"


def functions() -> list[str]:
    """Return the functions that brokers may execute, with the types of their arguments."""
    return [*FUNCTIONS, *(f"put_{noun}(json, boolean)" for noun in NOUNS), *_OF_TABLES]


def _put(noun: Noun) -> str:
    """Return the statement that makes the function which puts rows of a noun."""
    kept = _KEPT.get(noun.name, frozenset())
    sets = (
        (_SET_BY_OWNER if column in kept else _SET).format(column=column)
        for column in noun.columns
        if column != "id"
    )
    return _PUT.format(
        noun=noun.name,
        beginning=_BEGINNING,
        columns=", ".join(f'"{column}"' for column in noun.columns),
        first=_KEEP_CONTRACT if noun.name == "contract" else _keep_readable(noun),
        before=_FREE_NUMBERS if noun.name == "company" else "",
        sets=", ".join(sets),
    )


def _keep_readable(noun: Noun) -> str:
    """Return the statement that refuses rows of a noun which no program can read, if there are any."""
    choices = {
        field.name: CHOICES[field.kind.choice]
        for field in (fields_of(noun.facts) if noun.facts else ())
        if field.kind.choice
    }
    wrong = [f'"{column}" <> ALL (ARRAY{list(words)})' for column, words in choices.items()]
    wrong += [_WRONG_JSON[noun.name]] if noun.name in _WRONG_JSON else []
    if not wrong:
        return ""
    return _KEEP_READABLE.format(table=noun.name, rows="put_rows", wrong=" OR ".join(wrong))
