"""Rights: what roles other than the owner may do with a server's ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kmtrack.ledger.store.base import Store

# Who else holds something on a table, and whether that is more than reading it.
_HOLDERS: Final = """
    SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS role,
        bool_or(relname = 'entry' AND privilege_type = 'INSERT') AS enters,
        bool_or(relname = 'collaboration' AND privilege_type = 'SELECT') AS reads
    FROM pg_class CROSS JOIN LATERAL aclexplode(relacl) AS held
    WHERE relnamespace = 'kmtrack'::regnamespace AND grantee <> relowner
    GROUP BY grantee ORDER BY role
"""
_WRITING: Final = "INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER"


def renew_rights(store: Store) -> None:
    """Let roles that read the tables go on reading, and those that appended entries append and call functions.

    Older versions let brokers change the tables themselves.
    """
    for role, enters, reads in store.all(_HOLDERS):
        store.run(f"REVOKE {_WRITING} ON ALL TABLES IN SCHEMA kmtrack FROM {role} CASCADE")
        store.run(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA kmtrack FROM {role} CASCADE")
        if reads:
            store.run(f"GRANT SELECT ON ALL TABLES IN SCHEMA kmtrack TO {role}")
        if enters:
            store.run(f"GRANT INSERT ON command, entry TO {role}")
            store.run(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA kmtrack TO {role}")
