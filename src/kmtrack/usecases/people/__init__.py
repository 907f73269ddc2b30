"""Contact persons: what is held of one, taking one out, and whom nobody has met for long."""

from kmtrack.usecases.people.disclosure import person_record, stale_persons
from kmtrack.usecases.people.erase import erase_persons, plan_of_erasure
from kmtrack.usecases.people.search import find_persons

__all__ = ["erase_persons", "find_persons", "person_record", "plan_of_erasure", "stale_persons"]
