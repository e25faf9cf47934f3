"""Which words share a grammatical habit that several varieties treat in their own way? And which do the tables lack?"""

from __future__ import annotations


def words(listed: str) -> frozenset[str]:
    """The words of a list that is written as a text."""
    return frozenset(listed.split())


MASS_NOUNS = words(
    "accommodation advice baggage behavior behaviour bread clothing crockery cutlery damage equipment evidence "
    "feedback fruit furniture garbage hardware homework housework information jewellery jewelry knowledge legislation "
    "litter luggage machinery mail merchandise money music news paperwork pollution progress research rubbish "
    "software staff stationery stuff traffic training transportation underwear vocabulary weather"
)
"""Nouns without a plural in standard English; not those that have one in another sense (experience, time)."""

STATIVE_VERBS = words(
    "agree believe belong consist contain cost depend deserve doubt exist fear hate have hear hope imagine include "
    "involve know lack like love matter mean need owe own possess prefer realize realise recognize recognise remember "
    "require resemble see seem smell sound suppose taste think trust understand want wish"
)
"""Base forms of verbs that standard English seldom uses in the progressive."""

NOUNS_TOO = words(
    "act advert bar dam distress drawl glow golf halt jab lecture log lounge merit oil pan parley questionnaire reset "
    "retreat stud template tin top whole"
)
"""Nouns that lemminflect's tables have as verbs only, or not at all."""

ADJECTIVES_TOO = words(
    "associate compatible complete excess fifth fourth hourly key missionary orphan rear rental sixth socialist "
    "terrorist third visible"
)
"""Adjectives that the tables lack; found, like the nouns, by a comparison with the lexicon of Brill's tagger."""
