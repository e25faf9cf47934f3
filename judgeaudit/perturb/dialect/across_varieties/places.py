"""What do the shared rules ask of a place, and how do they look up a word, beside what the engine has?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from judgeaudit.perturb.dialect.conditions import asked_first
from judgeaudit.perturb.dialect.rules import Condition
from judgeaudit.perturb.dialect.site import Site
from judgeaudit.perturb.dialect.word_classes import tags_named

CLAUSE_END = r"(?=[.,;:!?)])"
"""A mark that ends the clause follows."""

WH_WORDS = "what who whom where when why how which whatever whoever whichever whether than as"
"""Before a subject these words leave a gap behind its verb, which must then keep its place."""


@asked_first
def capitalised(site: Site) -> bool:
    """The match begins with a capital letter: what follows ``e.g.`` is no sentence."""
    return site.match.group()[:1].isupper()


def begins_clause(site: Site) -> bool:
    """The match is the first of its sentence, or stands behind a comma, a semicolon, a colon or a dash."""
    return site.begins_sentence or site.before in (",", ";", ":", "–", "—")


def may_be(group: int, tag: str) -> Condition:
    """The word in a group can bear a tag here; for places where the pattern leaves no other reading."""

    def holds(site: Site) -> bool:
        return tag in site.tags(group)

    holds.__qualname__ = f"may_be {group} {tag}"
    return holds


def in_lower_case(group: int) -> Condition:
    """The word in a group is no name: it is written in lower case."""

    def holds(site: Site) -> bool:
        return site[group].islower()

    holds.__qualname__ = f"in_lower_case {group}"
    return asked_first(holds)


def next_not_surely(tags: str) -> Condition:
    """The word behind the match is not surely one of these tags."""
    unwanted = tags_named(tags)

    def holds(site: Site) -> bool:
        return not (site.behind_tags and site.behind_tags <= unwanted)

    holds.__qualname__ = f"next_not_surely {tags}"
    return holds


def first_word_of_sentence(site: Site) -> str:
    """The first word of the match's sentence, in lower case."""
    return site.sentence.word(0)


def looked_up(group: int, table: Mapping[str, str], text: str = "{}") -> Callable[[Site], str | None]:
    """A replacement: a text in which ``{}`` stands for what a table has for the word in a group."""

    def replacement(site: Site) -> str | None:
        found = table.get(site[group].lower())
        return None if found is None else text.format(found)

    replacement.__qualname__ = f"looked_up {group} {text} {dict(sorted(table.items()))}"
    return replacement
