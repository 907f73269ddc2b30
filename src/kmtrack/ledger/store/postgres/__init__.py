"""A ledger on a PostgreSQL server; loaded only where an address names one."""

from kmtrack.errors import Refusal

try:
    import psycopg as psycopg
except ImportError as missing:
    raise Refusal("driver_missing") from missing
