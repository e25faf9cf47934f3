"""What may a rule ask of a site, beside its pattern? The conditions that many rules share.

Each is a function ``Site -> bool`` whose name says it all, since it is part of the perturbation's identity.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from judgeaudit.perturb.dialect.inflection import FORMS
from judgeaudit.perturb.dialect.rules import ASKED_FIRST, MARK_BEFORE, Condition
from judgeaudit.perturb.dialect.site import Site
from judgeaudit.perturb.dialect.word_classes import tags_named


def previous_is(tags: str) -> Condition:
    """The word before the match surely bears one of these tags or classes."""
    wanted = tags_named(tags)
    return _named(lambda site: bool(site.before_tags) and site.before_tags <= wanted, "previous_is", tags)


def next_is(tags: str) -> Condition:
    """The word behind the match surely bears one of these tags or classes."""
    wanted = tags_named(tags)
    return _named(lambda site: bool(site.behind_tags) and site.behind_tags <= wanted, "next_is", tags)


def previous_is_not(tags: str) -> Condition:
    """The word before the match surely bears none of these tags or classes, or there is none, or a mark."""
    unwanted = tags_named(tags)

    def holds(site: Site) -> bool:
        return _ruled_out(site.before, site.before_tags, unwanted)

    return _named(holds, "previous_is_not", tags)


def next_is_not(tags: str) -> Condition:
    """The word behind the match surely bears none of these tags or classes, or there is none, or a mark."""
    unwanted = tags_named(tags)

    def holds(site: Site) -> bool:
        return _ruled_out(site.behind, site.behind_tags, unwanted)

    return _named(holds, "next_is_not", tags)


def previous_word(words: str) -> Condition:
    """The word or mark before the match is one of these, which are separated by spaces."""
    wanted = frozenset(words.split())
    return _named(lambda site: site.before in wanted, "previous_word", words)


def not_previous_word(words: str) -> Condition:
    """The word or mark before the match is none of these, which are separated by spaces."""
    unwanted = frozenset(words.split())
    return _named(lambda site: site.before not in unwanted, "not_previous_word", words)


def next_word(words: str) -> Condition:
    """The word or mark behind the match is one of these, which are separated by spaces."""
    wanted = frozenset(words.split())
    return _named(lambda site: site.behind in wanted, "next_word", words)


def not_next_word(words: str) -> Condition:
    """The word or mark behind the match is none of these, which are separated by spaces."""
    unwanted = frozenset(words.split())
    return _named(lambda site: site.behind not in unwanted, "not_next_word", words)


def not_within(count: int, words: str) -> Condition:
    """None of these words is among the last ``count`` words before the match in its sentence."""
    unwanted = frozenset(words.split())
    return _named(lambda site: unwanted.isdisjoint(site.words_before(count)), f"not_within {count}", words)


def among(group: int, words: Collection[str], form: str | None = None) -> Condition:
    """The word in a group, in one of its forms where one is named, is in a list."""
    name = f"among {group} {form}"
    return asked_first(_named(_in_list(group, frozenset(words), form), name, " ".join(sorted(words))))


def not_among(group: int, words: Collection[str], form: str | None = None) -> Condition:
    """The word in a group, in one of its forms where one is named, has that form and is not in a list."""
    unwanted = frozenset(words)
    inflect = FORMS["lower" if form is None else form]

    def holds(site: Site) -> bool:
        found = inflect(site[group])
        return found is not None and found not in unwanted

    return asked_first(_named(holds, f"not_among {group} {form}", " ".join(sorted(words))))


def in_statement(site: Site) -> bool:
    """The sentence does not end in a question mark."""
    return not site.in_question


def in_question(site: Site) -> bool:
    """The sentence ends in a question mark."""
    return site.in_question


def begins_sentence(site: Site) -> bool:
    """The match is the first of its sentence."""
    return site.begins_sentence


def inside_sentence(site: Site) -> bool:
    """The match is not the first of its sentence."""
    return not site.begins_sentence


def asked_first(condition: Condition) -> Condition:
    """The condition, marked as one that mostly needs no sentence for its answer: it is asked before the others."""
    vars(condition)[ASKED_FIRST] = True
    return condition


def behind_mark(mark: str) -> Callable[[Condition], Condition]:
    """Marks a condition as one that holds only where this mark is the last before the match, but for blanks."""

    def marked(condition: Condition) -> Condition:
        vars(condition)[MARK_BEFORE] = mark
        return condition

    return marked


def _in_list(group: int, words: frozenset[str], form: str | None) -> Condition:
    inflect: Callable[[str], str | None] = FORMS["lower" if form is None else form]
    return lambda site: inflect(site[group]) in words


def _ruled_out(word: str, tags: frozenset[str], unwanted: frozenset[str]) -> bool:
    return not word[:1].isalnum() if not tags else tags.isdisjoint(unwanted)


def _named(condition: Condition, name: str, of: str) -> Condition:
    condition.__qualname__ = f"{name} {of}"
    return condition
