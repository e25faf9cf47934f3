"""How is a text disguised from a machine while people can still read it? By look-alikes, invisible characters, leet.

Nothing is edited outside of prose: see ``noise.words``. Right-to-left and Indic scripts, emoji and combining marks are
left as they are, for there a single character changes how its neighbours are drawn. Every site draws the same number
of random numbers whether or not it is edited, so that with the same seed a lower share edits a subset of the sites
of a higher one.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

from judgeaudit.perturb.base import TextContext
from judgeaudit.perturb.edits.sites import check_share, pick, words

LATIN = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
GREEK = "Ͱ-ͳͶͷͻ-ͽΆΈ-Ͽἀ-ῼ"
CYRILLIC = "Ѐ-ҁҊ-ԯ"
UNJOINED = f"{LATIN}{GREEK}{CYRILLIC}一-鿿㐀-䶿ぁ-ゖァ-ヺ가-힣"
"""Letters of scripts in which an invisible character between two of them is not seen."""

ONE_SCRIPT = re.compile(f"[{LATIN}]++|[{GREEK}]++|[{CYRILLIC}]++")
UNJOINED_RUN = re.compile(f"[{UNJOINED}]{{2,}}+")
LATIN_WORD = re.compile(f"[{LATIN}'’]++")
SPACED_WORD = re.compile(f"(?:[{LATIN}{GREEK}{CYRILLIC}]['’]?+){{3,}}+")

WITH_APOSTROPHES = re.compile(r"[^\W\d_]++(?:['’][^\W\d_]++)*+")
"""``don't`` as one word."""
ASCII_WORD = re.compile(r"[A-Za-z0-9]++(?:['’][A-Za-z0-9]++)*+")
LETTER = re.compile(r"[A-Za-z]")

CONFUSABLE: tuple[tuple[str, str, str], ...] = (
    ("A", "\u0410", "CYRILLIC CAPITAL LETTER A"),
    ("A", "\u0391", "GREEK CAPITAL LETTER ALPHA"),
    ("B", "\u0412", "CYRILLIC CAPITAL LETTER VE"),
    ("B", "\u0392", "GREEK CAPITAL LETTER BETA"),
    ("C", "\u0421", "CYRILLIC CAPITAL LETTER ES"),
    ("E", "\u0415", "CYRILLIC CAPITAL LETTER IE"),
    ("E", "\u0395", "GREEK CAPITAL LETTER EPSILON"),
    ("G", "\u050c", "CYRILLIC CAPITAL LETTER KOMI SJE"),
    ("H", "\u041d", "CYRILLIC CAPITAL LETTER EN"),
    ("H", "\u0397", "GREEK CAPITAL LETTER ETA"),
    ("I", "\u0406", "CYRILLIC CAPITAL LETTER BYELORUSSIAN-UKRAINIAN I"),
    ("I", "\u0399", "GREEK CAPITAL LETTER IOTA"),
    ("J", "\u0408", "CYRILLIC CAPITAL LETTER JE"),
    ("K", "\u041a", "CYRILLIC CAPITAL LETTER KA"),
    ("K", "\u039a", "GREEK CAPITAL LETTER KAPPA"),
    ("M", "\u041c", "CYRILLIC CAPITAL LETTER EM"),
    ("M", "\u039c", "GREEK CAPITAL LETTER MU"),
    ("N", "\u039d", "GREEK CAPITAL LETTER NU"),
    ("O", "\u041e", "CYRILLIC CAPITAL LETTER O"),
    ("O", "\u039f", "GREEK CAPITAL LETTER OMICRON"),
    ("P", "\u0420", "CYRILLIC CAPITAL LETTER ER"),
    ("P", "\u03a1", "GREEK CAPITAL LETTER RHO"),
    ("S", "\u0405", "CYRILLIC CAPITAL LETTER DZE"),
    ("T", "\u0422", "CYRILLIC CAPITAL LETTER TE"),
    ("T", "\u03a4", "GREEK CAPITAL LETTER TAU"),
    ("V", "\u0474", "CYRILLIC CAPITAL LETTER IZHITSA"),
    ("W", "\u051c", "CYRILLIC CAPITAL LETTER WE"),
    ("X", "\u0425", "CYRILLIC CAPITAL LETTER HA"),
    ("X", "\u03a7", "GREEK CAPITAL LETTER CHI"),
    ("Y", "\u04ae", "CYRILLIC CAPITAL LETTER STRAIGHT U"),
    ("Y", "\u03a5", "GREEK CAPITAL LETTER UPSILON"),
    ("Z", "\u0396", "GREEK CAPITAL LETTER ZETA"),
    ("a", "\u0430", "CYRILLIC SMALL LETTER A"),
    ("c", "\u0441", "CYRILLIC SMALL LETTER ES"),
    ("d", "\u0501", "CYRILLIC SMALL LETTER KOMI DE"),
    ("e", "\u0435", "CYRILLIC SMALL LETTER IE"),
    ("h", "\u04bb", "CYRILLIC SMALL LETTER SHHA"),
    ("i", "\u0456", "CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I"),
    ("j", "\u0458", "CYRILLIC SMALL LETTER JE"),
    ("o", "\u043e", "CYRILLIC SMALL LETTER O"),
    ("o", "\u03bf", "GREEK SMALL LETTER OMICRON"),
    ("p", "\u0440", "CYRILLIC SMALL LETTER ER"),
    ("p", "\u03c1", "GREEK SMALL LETTER RHO"),
    ("q", "\u051b", "CYRILLIC SMALL LETTER QA"),
    ("s", "\u0455", "CYRILLIC SMALL LETTER DZE"),
    ("v", "\u0475", "CYRILLIC SMALL LETTER IZHITSA"),
    ("v", "\u03bd", "GREEK SMALL LETTER NU"),
    ("w", "\u051d", "CYRILLIC SMALL LETTER WE"),
    ("x", "\u0445", "CYRILLIC SMALL LETTER HA"),
    ("y", "\u0443", "CYRILLIC SMALL LETTER U"),
)
"""A Latin letter, a letter of another script that Unicode's confusables.txt (UTS 39) maps to the same prototype, and
that letter's name. Only pairs that look alike in upright type are here: not the Greek alpha for ``a``, for one."""

LOOK_ALIKES: Mapping[str, tuple[str, ...]] = {
    **{letter: tuple(other for one, other, _ in CONFUSABLE if one == letter) for letter, _, _ in CONFUSABLE},
    **{other: (letter,) for letter, other, _ in CONFUSABLE},
}
"""Of a Latin letter its Cyrillic and Greek look-alikes, and of these the Latin one."""

ZERO_WIDTH: Mapping[str, str] = {
    "\u200b": "ZERO WIDTH SPACE",
    "\u200c": "ZERO WIDTH NON-JOINER",
    "\u2060": "WORD JOINER",
}
"""The zero width joiner is not one of them: it would join what stands beside it."""

LEET: Mapping[str, str] = {"a": "4", "e": "3", "i": "1", "o": "0", "s": "5", "t": "7"}
LEET_TABLE = str.maketrans({**LEET, **{letter.upper(): digit for letter, digit in LEET.items()}})

FULL_WIDTH_OFFSET = 0xFEE0
"""From an ASCII character to its form in the block U+FF00, which NFKC folds back (UAX 15)."""
FULL_WIDTH_TABLE = {
    code: code + FULL_WIDTH_OFFSET for code in range(ord("0"), ord("z") + 1) if chr(code).isalnum()
}


def homoglyphs(
    text: str,
    context: TextContext,  # noqa: ARG001 - an Edit's form
    rng: random.Random,
    *,
    share: float = 0.25,
) -> str:
    """The text with a share of its letters replaced by look-alikes of another script.

    Letters of Latin words become Cyrillic or Greek, those of Cyrillic and Greek words Latin; words that mix scripts
    stay (the homoglyphs of Boucher et al. 2021, arXiv 2106.09898).

    Args:
        share: of the letters that have a look-alike, above 0 and at most 1.

    Raises:
        PerturbationError: the share is not.
    """
    check_share(share)
    parts: list[str] = []
    position = 0
    for word in words(text):
        if not ONE_SCRIPT.fullmatch(word.group()):
            continue
        for site, letter in enumerate(word.group(), word.start()):
            if (others := LOOK_ALIKES.get(letter)) is None:
                continue
            chosen, other = rng.random(), pick(others, rng.random())
            if chosen < share:
                parts += (text[position:site], other)
                position = site + 1
    parts.append(text[position:])
    return "".join(parts)


def zero_width(
    text: str,
    context: TextContext,  # noqa: ARG001 - an Edit's form
    rng: random.Random,
    *,
    share: float = 0.1,
) -> str:
    """The text with an invisible character at a share of the boundaries between two letters of a word.

    Taking out the characters of ``ZERO_WIDTH`` gives the text back (the invisible characters of Boucher et al. 2021,
    arXiv 2106.09898).

    Args:
        share: of the boundaries between two letters of scripts in which letters stand unjoined, above 0 and at most 1.

    Raises:
        PerturbationError: the share is not.
    """
    check_share(share)
    unseen = tuple(ZERO_WIDTH)
    parts: list[str] = []
    position = 0
    for word in words(text):
        for run in UNJOINED_RUN.finditer(word.group()):
            for site in range(word.start() + run.start() + 1, word.start() + run.end()):
                chosen, character = rng.random(), pick(unseen, rng.random())
                if chosen < share:
                    parts += (text[position:site], character)
                    position = site
    parts.append(text[position:])
    return "".join(parts)


def leetspeak(
    text: str,
    context: TextContext,  # noqa: ARG001 - an Edit's form
    rng: random.Random,
    *,
    share: float = 0.25,
) -> str:
    """The text with a share of its Latin words in leetspeak: a 4, e 3, i 1, o 0, s 5, t 7.

    A word of which no letter would be left (``so``, ``it``, ``toast``) stays, for it would read as a number.

    Args:
        share: of the words that hold one of these letters and another, above 0 and at most 1.

    Raises:
        PerturbationError: the share is not.
    """

    def leet(word: str) -> str | None:
        if not LATIN_WORD.fullmatch(word):
            return None
        written = word.translate(LEET_TABLE)
        return written if written != word and any(map(str.isalpha, written)) else None

    return _respelled(text, rng, share, WITH_APOSTROPHES, leet)


def full_width(
    text: str,
    context: TextContext,  # noqa: ARG001 - an Edit's form
    rng: random.Random,
    *,
    share: float = 0.25,
) -> str:
    """The text with the ASCII letters and digits of a share of its words in their full-width forms.

    Args:
        share: of the words of ASCII letters and digits that hold a letter, above 0 and at most 1.

    Raises:
        PerturbationError: the share is not.
    """

    def widened(word: str) -> str | None:
        return word.translate(FULL_WIDTH_TABLE) if LETTER.search(word) else None

    return _respelled(text, rng, share, ASCII_WORD, widened)


def spaced_letters(
    text: str,
    context: TextContext,  # noqa: ARG001 - an Edit's form
    rng: random.Random,
    *,
    share: float = 0.1,
) -> str:
    """The text with a space between the letters of a share of its words: ``w o r d s``.

    Where two such words follow each other nothing shows where the second begins, so a high share is hard to read
    for people too.

    Args:
        share: of the Latin, Greek and Cyrillic words of at least three letters, above 0 and at most 1.

    Raises:
        PerturbationError: the share is not.
    """

    def spaced(word: str) -> str | None:
        return " ".join(word) if SPACED_WORD.fullmatch(word) else None

    return _respelled(text, rng, share, WITH_APOSTROPHES, spaced)


def _respelled(
    text: str,
    rng: random.Random,
    share: float,
    run: re.Pattern[str],
    spelling: Callable[[str], str | None],
) -> str:
    """The text with a share of those of its words respelled for which there is a spelling."""
    check_share(share)
    parts: list[str] = []
    position = 0
    for word in words(text, run):
        written = spelling(word.group())
        if written is not None and rng.random() < share:
            parts += (text[position : word.start()], written)
            position = word.end()
    parts.append(text[position:])
    return "".join(parts)
