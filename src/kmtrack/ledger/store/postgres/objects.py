"""Objects of a ledger's schema on a server, as they are, and as a new ledger would have them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.store.objects import SchemaObject
from kmtrack.ledger.store.postgres.connection import SCHEMA_NAME

if TYPE_CHECKING:
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.store.objects import Schema

# Whoever may do this is asked first: a statement that fails ends the transaction.
_MAY_CREATE: Final = "SELECT has_database_privilege(current_database(), 'CREATE')"
_PATH: Final = "SELECT set_config('search_path', :path, true)"
# A right is an object where it is more than those of brokers: to read, to append, and to call functions.
# Columns by their names, as a migration adds them at the end. What PostgreSQL makes for constraints is
# told by these; a sequence of a column, by its default.
_OBJECTS: Final = """
    SELECT 'table' AS kind, relname::text AS name, concat_ws(' ', relpersistence, relrowsecurity,
        relforcerowsecurity, (
            SELECT string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod),
                (SELECT collname FROM pg_collation WHERE pg_collation.oid = attcollation),
                attnotnull, attidentity, attgenerated, pg_get_expr(adbin, adrelid)), ', ' ORDER BY attname)
            FROM pg_attribute
            LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
            WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
        )) AS text
    FROM pg_class WHERE relnamespace = to_regnamespace(:schema) AND relkind IN ('r', 'p', 'f')
    UNION ALL SELECT 'view', relname::text, concat_ws(' ', relkind, pg_get_viewdef(oid))
    FROM pg_class WHERE relnamespace = to_regnamespace(:schema) AND relkind IN ('v', 'm')
    UNION ALL SELECT 'sequence', relname::text, ''
    FROM pg_class WHERE relnamespace = to_regnamespace(:schema) AND relkind = 'S'
    UNION ALL SELECT 'index', relname::text, concat_ws(' ', pg_get_indexdef(oid), indisvalid)
    FROM pg_class JOIN pg_index ON indexrelid = oid
    WHERE relnamespace = to_regnamespace(:schema)
    UNION ALL SELECT 'constraint', concat_ws(' ', conrelid::regclass, conname),
        concat_ws(' ', pg_get_constraintdef(oid), convalidated)
    FROM pg_constraint WHERE connamespace = to_regnamespace(:schema) AND contype <> 't'
    UNION ALL SELECT 'trigger', concat_ws(' ', tgrelid::regclass, tgname),
        concat_ws(' ', pg_get_triggerdef(pg_trigger.oid), tgenabled)
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE relnamespace = to_regnamespace(:schema) AND NOT tgisinternal
    UNION ALL SELECT 'rule', concat_ws(' ', ev_class::regclass, rulename), pg_get_ruledef(pg_rewrite.oid)
    FROM pg_rewrite JOIN pg_class ON pg_class.oid = ev_class
    WHERE relnamespace = to_regnamespace(:schema) AND rulename <> '_RETURN'
    UNION ALL SELECT 'policy', concat_ws(' ', polrelid::regclass, polname), ''
    FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid
    WHERE relnamespace = to_regnamespace(:schema)
    UNION ALL SELECT 'function',
        proname || '(' || pg_get_function_identity_arguments(pg_proc.oid) || ')',
        concat_ws(' ', lanname, prokind, provolatile, prosecdef, proconfig,
            pg_get_function_result(pg_proc.oid), prosrc)
    FROM pg_proc JOIN pg_language ON pg_language.oid = prolang
    WHERE pronamespace = to_regnamespace(:schema) AND prokind IN ('f', 'p')
    UNION ALL SELECT 'right', concat_ws(' ', privilege_type, what, CASE grantee
        WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee)::text END), ''
    FROM (
        SELECT relname::text AS what, relowner AS owner, relacl AS rights FROM pg_class
        WHERE relnamespace = to_regnamespace(:schema)
        UNION ALL SELECT concat(relname, '.', attname), relowner, attacl FROM pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = to_regnamespace(:schema)
        UNION ALL SELECT 'schema', nspowner, nspacl FROM pg_namespace
        WHERE oid = to_regnamespace(:schema)
    ) AS held CROSS JOIN LATERAL aclexplode(rights)
    WHERE grantee <> owner AND privilege_type NOT IN ('SELECT', 'USAGE')
    AND (privilege_type <> 'INSERT' OR what NOT IN ('command', 'entry'))
    UNION ALL SELECT 'right', concat_ws(' ', privilege_type, proname, 'PUBLIC'), ''
    FROM pg_proc CROSS JOIN LATERAL aclexplode(coalesce(proacl, acldefault('f', proowner)))
    WHERE pronamespace = to_regnamespace(:schema) AND grantee = 0
"""


def objects_of(store: Store, schema: str = SCHEMA_NAME) -> Schema:
    """Return all objects of a schema; names in their definitions are without that schema."""
    store.all(_PATH, path=f"{schema}, pg_temp")
    rows = store.all(_OBJECTS, schema=schema)
    store.all(_PATH, path=f"{SCHEMA_NAME}, pg_temp")
    return {SchemaObject(row["kind"], row["name"]): _bare(row["text"], schema) for row in rows}


def _bare(text: str, schema: str) -> str:
    """Return a definition without schema names: functions name the schema of the ledger itself."""
    return text.replace(f"{schema}.", "").replace(f"{SCHEMA_NAME}.", "")


def due_objects(store: Store) -> Schema | None:
    """Return the objects of a new ledger, made in a schema that is never stored.

    Call it inside `reading`. None for a user who must not make schemas.
    """
    from kmtrack.ledger.store.postgres.schema import create_statements

    if not (store.is_owned and store.get(_MAY_CREATE)[0]):
        return None
    schema = f"{SCHEMA_NAME}_due_{os.urandom(4).hex()}"
    store.run("SAVEPOINT due")
    store.run("SET LOCAL check_function_bodies = off")  # what they name may be lost
    store.run(f"CREATE SCHEMA {schema}")
    store.all(_PATH, path=f"{schema}, pg_temp")
    for statement in create_statements():
        store.run(statement)
    due = objects_of(store, schema)
    store.run("ROLLBACK TO SAVEPOINT due")
    return due
