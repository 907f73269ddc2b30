"""Confidentiality: which figures over answers can be shown together.

A figure over answers is a sum over them: a vector with a coordinate for each answer, where an
answer that was changed between two reports is another coordinate. Readers can add and subtract the
figures as they like, and are assumed to know who answered. So no linear combination of what is
shown may depend on the answers of only one or two respondents: for a matrix of the figures shown,
and for each one or two respondents, the rank is the same without their columns. Respondents with
equal columns form a class: of three or more, none can be told from the others.

The arithmetic is exact, in whole numbers. A figure that cannot be shown beside some figures cannot
be shown beside more of them; so choosing one figure after the other shows as much as possible.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import reduce
from math import gcd
from operator import or_
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    Row = dict[int, int]  # the coefficients of columns that are not 0

SMALLEST_GROUP: Final = 3  # respondents


class Coordinates:
    """The answers that the figures on one subject add up, numbered in the order in which they occur."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, Hashable], int] = {}

    def vector_of(self, respondent: str, answer: Hashable) -> int:
        """Return the vector of one answer, whose coordinate is one bit of a whole number."""
        return 1 << self._numbers.setdefault((respondent, answer), len(self._numbers))

    def of_one_respondent(self) -> list[list[int]]:
        """Return the coordinates of each respondent who has several."""
        found: dict[str, list[int]] = defaultdict(list)
        for (respondent, _), number in self._numbers.items():
            found[respondent].append(number)
        return [numbers for numbers in found.values() if len(numbers) > 1]


class Statement(NamedTuple):
    """Figures that are shown together or not at all: their vectors (not 0), by subject.

    Figures on different subjects share no coordinate, so combining them reveals nothing.
    """

    vectors: Mapping[str, int]


def shown_together(
    coordinates: Mapping[str, Coordinates],
    candidates: Sequence[Sequence[Statement]],
    already: Sequence[Statement] = (),
) -> list[int | None]:
    """Return for each candidate which of its alternatives is shown, chosen in the order of candidates.

    It is the first that reveals nothing about any one or two respondents beside what was chosen
    before, and nothing more about them than the statements shown `already`, which stay known.
    """
    every = [*already, *(one for alternatives in candidates for one in alternatives)]
    here = _Statements(coordinates, every)
    known = [here]
    if already:
        with_others = _Statements(coordinates, every)
        for statement in already:
            with_others.add(statement)
        known.append(with_others)
    chosen: list[int | None] = []
    for alternatives in candidates:
        found = None
        for place, statement in enumerate(alternatives):
            if not any(each.reveals(statement) for each in known):
                for each in known:
                    each.add(statement)
                found = place
                break
        chosen.append(found)
    return chosen


class _Statements:
    """What follows from statements, on each subject."""

    def __init__(
        self, subjects: Mapping[str, Coordinates], statements: Sequence[Statement]
    ) -> None:
        """Prepare for these statements; no others can be tested."""
        self._known = {
            subject: _Known(coordinates, (one.vectors.get(subject, 0) for one in statements))
            for subject, coordinates in subjects.items()
        }

    def add(self, statement: Statement) -> None:
        """Add a statement to what is known."""
        for subject, vector in statement.vectors.items():
            self._known[subject].add(vector)

    def reveals(self, statement: Statement) -> bool:
        """Return whether a statement reveals more about one or two respondents than is known without it."""
        return any(
            self._known[subject].reveals(vector) for subject, vector in statement.vectors.items()
        )


class _Class(NamedTuple):
    """Respondents with equal columns: how many they are, and one column for each answer."""

    size: int
    columns: tuple[int, ...]


class _Known:
    """What follows from the figures shown on one subject: all their linear combinations.

    They are kept as rows of a matrix in reduced form, by the column of their pivot. A basis of its
    null space can be read from the rows: the `relation` of a column has its coefficients there, by
    the columns that are no pivots. A combination of some columns alone follows from the figures if,
    and only if, their relations add up to 0 in it. So what a further figure reveals depends on some
    columns alone if, and only if, what is left of it after subtracting the rows is a combination of
    their relations.
    """

    def __init__(self, coordinates: Coordinates, vectors: Iterable[int]) -> None:
        """Prepare for these `vectors`; no others can be tested."""
        unique = list(dict.fromkeys(vectors))
        classes, rows = _classes(coordinates, unique)
        self._left = dict(zip(unique, rows, strict=True))  # of each vector, without the rows
        self._rows: dict[int, Row] = {}
        few = [one for one in classes if one.size < SMALLEST_GROUP]
        self._by_themselves = [one.columns for one in few if one.size > 1 or len(one.columns) > 1]
        alone = [one.columns for one in few if one.size == 1]
        self._single = [columns[0] for columns in alone if len(columns) == 1]
        self._several = [columns for columns in alone if len(columns) > 1]

    def add(self, vector: int) -> None:
        """Add a figure to what is known."""
        left = self._left_of(vector)
        if not left:
            return
        pivot = min(left)
        for other, row in self._rows.items():
            if pivot in row:
                self._rows[other] = _without(row, left, pivot)
        self._rows[pivot] = left

    def reveals(self, vector: int) -> bool:
        """Return whether a figure reveals more about one or two respondents than is known without it."""
        left = self._left_of(vector)
        if not left:
            return False
        single = [self._relation(column) for column in self._single]
        if _spanned_by_two(single, left):
            return True
        alone = [[self._relation(column) for column in columns] for columns in self._by_themselves]
        if any(_spans(relations, left) for relations in alone):
            return True
        return bool(self._several) and self._revealed_with_several(single, left)

    def _revealed_with_several(self, single: Sequence[Row], left: Row) -> bool:
        """Return whether two respondents are revealed, at least one of whom has several columns."""
        several = [[self._relation(column) for column in columns] for columns in self._several]
        some = [_Relations(relations, reduce(or_, map(_bits, relations))) for relations in several]
        everyone = [*some, *(_Relations([relation], _bits(relation)) for relation in single)]
        pairs = _pairs_over(everyone, _bits(left))
        return any(
            _spans((*mine.rows, *its.rows), left)
            for mine, its in pairs
            if len(mine.rows) > 1 or len(its.rows) > 1
        )

    def _left_of(self, vector: int) -> Row:
        """Return what is left of a vector after subtracting what is known; nothing if it follows from that."""
        left = self._left[vector]
        for pivot in list(left):
            if pivot in self._rows:
                left = _without(left, self._rows[pivot], pivot)
        self._left[vector] = left
        return left

    def _relation(self, column: int) -> Row:
        """Return the coefficients of a column in the null space, up to a factor."""
        row = self._rows.get(column)
        if row is None:
            return {column: 1}
        return {other: number for other, number in row.items() if other != column}


class _Relations(NamedTuple):
    """The relations of one respondent, and all columns that they have, as bits."""

    rows: Sequence[Row]
    bits: int

    def may_help(self, bits: int) -> bool:
        """Return whether a combination of the relations may have these columns only."""
        return bool(self.bits & bits) if len(self.rows) > 1 else not self.bits & ~bits


def _pairs_over(
    everyone: Sequence[_Relations], wanted: int
) -> Iterator[tuple[_Relations, _Relations]]:
    """Yield the pairs whose relations together may have all columns `wanted` and no others.

    One of two has the first of them, and the other one the first of those that it has not.
    """
    having: dict[int, list[_Relations]] = {0: list(everyone)}
    for mine in everyone:
        if not mine.bits & wanted & -wanted:
            continue
        missing = wanted & ~mine.bits
        first = missing & -missing
        if first not in having:
            having[first] = [one for one in everyone if one.bits & first]
        for its in having[first]:
            if (
                its is not mine
                and not missing & ~its.bits
                and its.may_help(wanted | mine.bits)
                and mine.may_help(wanted | its.bits)
            ):
                yield mine, its


def _classes(coordinates: Coordinates, vectors: Sequence[int]) -> tuple[list[_Class], list[Row]]:
    """Return the classes of respondents, and the vectors over one column for each of their answers."""
    alike = [reduce(or_, vectors, 0)]  # the coordinates that no vector tells apart
    for vector in vectors:
        split = ((one & vector, one & ~vector) for one in alike)
        alike = [part for parts in split for part in parts if part]
    several = coordinates.of_one_respondent()
    of_several = reduce(or_, (1 << number for numbers in several for number in numbers), 0)
    sizes: Counter[tuple[int, ...]] = Counter()
    sizes.update({(place,): (one & ~of_several).bit_count() for place, one in enumerate(alike)})
    place_of = {
        number: place for place, one in enumerate(alike) for number in _numbers(one & of_several)
    }
    for numbers in several:
        sizes[tuple(sorted(place_of[each] for each in numbers if each in place_of))] += 1
    classes: list[_Class] = []
    rows: list[Row] = [{} for _ in vectors]
    column = 0
    for places, size in sizes.items():
        if not size or not places:
            continue
        classes.append(_Class(size, tuple(range(column, column + len(places)))))
        for place in places:
            for vector, row in zip(vectors, rows, strict=True):
                if vector & alike[place]:
                    row[column] = 1
            column += 1
    return classes, rows


def _numbers(bits: int) -> Iterator[int]:
    """Yield the positions of the bits that are set."""
    while bits:
        last = bits & -bits
        yield last.bit_length() - 1
        bits ^= last


def _without(row: Row, other: Row, column: int) -> Row:
    """Return a row minus a multiple of another, so that a column is 0, in the smallest whole numbers."""
    common = gcd(row[column], other[column])
    mine, its = other[column] // common, row[column] // common
    found = {key: mine * number for key, number in row.items()} if mine != 1 else dict(row)
    for key, number in other.items():
        left = found.get(key, 0) - its * number
        if left:
            found[key] = left
        else:
            found.pop(key, None)
    return _in_smallest(found)


def _in_smallest(row: Row) -> Row:
    """Return a row divided by the greatest common divisor of its coefficients."""
    common = gcd(*row.values())
    return row if common <= 1 else {key: number // common for key, number in row.items()}


def _bits(row: Row) -> int:
    """Return the columns of a row as bits."""
    return reduce(or_, (1 << column for column in row), 0)


def _spans(rows: Iterable[Row], wanted: Row) -> bool:
    """Return whether a row is a linear combination of others."""
    basis: list[tuple[int, Row]] = []
    for row in rows:
        left = _less(row, basis)
        if left:
            basis.append((min(left), left))
    return not _less(wanted, basis)


def _less(row: Row, basis: Iterable[tuple[int, Row]]) -> Row:
    for pivot, other in basis:
        if pivot in row:
            row = _without(row, other, pivot)
    return row


def _spanned_by_two(rows: Sequence[Row], wanted: Row) -> bool:
    """Return whether a row is a linear combination of one or two of others.

    It is removed from all others: two of them that span it become multiples of each other, and a
    multiple of it becomes 0.
    """
    column = min(wanted)
    met: dict[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]] = {(): ()}
    for row in rows:
        mine = _direction(row)
        left = _direction(_without(row, wanted, column)) if column in row else mine
        if met.setdefault(left, mine) != mine:
            return True
    return False


def _direction(row: Row) -> tuple[tuple[int, int], ...]:
    """Return the direction of a row, which all its multiples share."""
    if len(row) == 1:
        return ((min(row), 1),)
    items = sorted(_in_smallest(row).items())
    if items and items[0][1] < 0:
        return tuple((key, -number) for key, number in items)
    return tuple(items)
