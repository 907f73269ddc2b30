"""A ledger on a PostgreSQL server; loaded only where an address names one."""

from kmtrack.ledger.store.errors import DriverMissing

try:
    import psycopg as psycopg
except ImportError as missing:
    raise DriverMissing from missing
