"""What in a text must a rewording not lose? Its numbers, names, negations, code and addresses, and its words.

Each is found by a rule that can be read here in full, not by a model: the same text gives the same answer anywhere,
in time linear in its length. The rules are heuristics; each says what it misses.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection

CASED = "A-Za-zÀ-ÖØ-öø-ɏͰ-ϿЀ-ԯԱ-֏Ḁ-῿"
"""Letters of scripts that have capitals: Latin, Greek, Cyrillic, Armenian."""

MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0963\u0966-\u0dff"
"""Signs that are part of words and that regular expressions do not count among them: accents, points, vowels."""

UNSPACED = (
    "\u0e00-\u0e3e\u0e40-\u0eff\u1000-\u1049\u1050-\u109f\u1780-\u17d3\u17dc-\u17ff"
    "\u3040-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Characters of scripts that put no spaces between words: Thai to Khmer, kana, Han. Each counts as a word."""

WORD = re.compile(rf"[\w{MARKS}]++")
UNSPACED_WORD = re.compile(rf"[{UNSPACED}]|(?:[^\W{UNSPACED}]|[{MARKS}])++")
HAS_UNSPACED = re.compile(f"[{UNSPACED}]")

UNSEEN_IN_WORDS = re.compile("['’ʼ\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
"""Apostrophes and invisible characters: with or without them, a word is the same word."""

LONGEST_COMPOSED_CHARS = 100
"""Composing accents takes time quadratic in their number: what is longer is no word and is left as it is."""

# ------------------------------------------------------------------------------------------------ numbers

NUMBER = re.compile(
    rf"""
      ^[ \t>*_#]{{0,12}}+\d{{1,3}}[.)](?=[ \t*])       # the mark of a list's item, which is layout
    | (?<![{CASED}_\d])
      (?P<number>
        (?P<sign>(?<![^\s(\[{{=<>~≈])[-−–](?=\d))?+
        (?:
          (?P<grouped>\d{{1,3}}(?P<mark>[,.'’٬])\d{{3}}(?!\d)(?:(?P=mark)\d{{3}}(?!\d))*+)
          (?P<fraction>(?!(?P=mark))[.,٫]\d++)?+
        | \d++(?P<link>[./:]|[-‐‑–])\d++(?:(?P=link)\d++)++         # dates, versions, telephone numbers
        | \d++[:/]\d++                                               # times of day, ratios
        | (?<!\d[.,])\d++[.,٫]\d++(?![.,]\d)
        | \d++
        )
      )
    | (?P<raised>[²³¹⁰⁴-⁹₀-₉①-⑨¼-¾⅐-⅞]++)
    """,
    re.VERBOSE | re.MULTILINE,
)

DIGIT = re.compile("[\\d²³¹⁰⁴-⁹₀-₉①-⑨¼-¾⅐-⅞]")

DASHES = str.maketrans("−–‐‑", "----")


def numbers(text: str) -> Counter[str]:
    """The numbers of a text, in one notation whatever its digits' script: ``1,250.5``, ``1.250,5`` are ``1250.5``.

    Dates, times, fractions and versions are one number each (``2024-05-12``); the halves of a range are two. A sign
    belongs to its number, a unit or percent sign does not. Superscripts are numbers of their own (``10²``).

    Misses: number words; digits behind a letter (``B12``); groups parted by spaces, which count one by one. A comma
    before exactly three digits is taken to part thousands, a full stop to be a decimal point (``1.250`` is read as
    in English even in German). A list's item numbers are layout and do not count.
    """
    if DIGIT.search(text) is None:
        return Counter()
    return Counter(_one_notation(found) for found in NUMBER.finditer(text) if found.lastgroup is not None)


def _one_notation(found: re.Match[str]) -> str:
    if found["raised"] is not None:
        return unicodedata.normalize("NFKC", found["raised"])
    grouped, mark, fraction = found["grouped"], found["mark"], found["fraction"]
    written: str = found["number"].translate(DASHES)
    if not written.isascii():
        written = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in written)
    if grouped is None:
        return written.replace(",", ".").replace("٫", ".")
    start = len(found["sign"] or "")
    whole, rest = written[: start + len(grouped)], written[start + len(grouped) + 1 :]
    one_point = mark == "." and grouped.count(mark) == 1 and fraction is None
    if one_point or whole.lstrip("-").startswith("0"):
        return whole.replace(mark, ".")
    return whole.replace(mark, "") + (f".{rest}" if rest else "")


# -------------------------------------------------------------------------------------------------- names

CASED_WORD = re.compile(rf"(?<!\d)[{CASED}\u0300-\u036f]++(?:['’][{CASED}\u0300-\u036f]++)*+")
APOSTROPHES = re.compile("['’]")
POSSESSIVE = re.compile(r"['’]s\Z")
HANDLE = re.compile(r"(?<![\w@./-])@\w{2,40}+")

SENTENCE_START = re.compile(r"(?:[\n\r.!?…:。！？؟।][\s\"'“”‘’«»„()\[\]*_#>+•·–—¿¡-]*|, ?[\"'“‘«„¿¡]+)\Z")
TITLE = re.compile(r"(?<!\w)(?:Dr|Mr|Mrs|Ms|Prof|St|vs|[A-Z])\.[ \u00a0]\Z")
LOOK_BACK_CHARS = 12

NOUNS_ARE_CAPITALISED = frozenset({"de", "gsw", "lb", "nds"})
"""Languages in which a capital says only that a word is a noun (German, its dialects, Luxembourgish)."""


def names(text: str, language: str) -> tuple[str, ...]:
    """The distinct names of a text in order: words with a capital that no sentence begins with, acronyms, handles.

    A run such as ``Nobel Prize`` counts word by word; apostrophes and a possessive ``'s`` are left off. No name is a
    word that the text also has in lower case, a lone letter, or one of several words in capitals in a row. In German,
    only words with a capital past their first letter count; in scripts without capitals, only Latin words in between.

    Misses: a name that only begins sentences. Takes for names: days, months, nationalities; words of a heading in
    title case; an emphasised word in capitals that stands alone and is not found in lower case elsewhere.
    """
    cased = [(found.start(), found.end(), found.group()) for found in CASED_WORD.finditer(text)]
    lower = {word for _, _, word in cased if word.islower()}
    nouns_too = language.partition("-")[0] in NOUNS_ARE_CAPITALISED
    found_names: dict[str, None] = {}
    for place, (start, end, written) in enumerate(cased):
        if written.islower():
            continue
        word = POSSESSIVE.sub("", written)
        if len(word) < 2 or word.lower() in lower or (word[0] == "I" and word[1] in "'’"):
            continue
        if word.isupper():
            before = place > 0 and _in_capitals(cased[place - 1], text, start)
            after = place + 1 < len(cased) and _in_capitals(cased[place + 1], text, end)
            named = not (before or after)
        else:
            inner_capital = not word[1:].islower()
            named = inner_capital or not (nouns_too or _begins_sentence(text, start))
        if named:
            found_names[APOSTROPHES.sub("", word)] = None
    found_names.update(dict.fromkeys(HANDLE.findall(text)))
    return tuple(found_names)


def names_kept(names_of_original: Collection[str], perturbed: str) -> float | None:
    """The share of the original's names that are words of the perturbed text; None where it has none."""
    if not names_of_original:
        return None
    written = CASED_WORD.findall(perturbed)
    there = {*written, *HANDLE.findall(perturbed)}
    if not all(name in there for name in names_of_original):
        for word in written:
            bare = APOSTROPHES.sub("", word)
            there.update((bare, APOSTROPHES.sub("", POSSESSIVE.sub("", word)), bare.removesuffix("s")))
    return sum(name in there for name in names_of_original) / len(names_of_original)


def _in_capitals(neighbour: tuple[int, int, str], text: str, edge: int) -> bool:
    """Whether a neighbouring word is in capitals and parted from a word's edge by a space."""
    start, end, word = neighbour
    gap = text[end:edge] if end <= edge else text[edge:start]
    return len(word) > 1 and word.isupper() and gap == " "


def _begins_sentence(text: str, start: int) -> bool:
    window = text[start - LOOK_BACK_CHARS : start] if start > LOOK_BACK_CHARS else f"\n{text[:start]}"
    return SENTENCE_START.search(window) is not None and TITLE.search(window) is None


# ---------------------------------------------------------------------------------------------- negations

_NEGATIONS = {
    "ar": "لا لم لن ليس ليست ليسوا لست غير بدون دون",
    "de": "nicht nichts nie niemals niemand* nirgends kein* ohne weder nein",
    "el": "δεν=δε δε μην=μη μη όχι ούτε ποτέ τίποτα τίποτε κανείς κανένας καμία χωρίς",
    "en": "not cannot=not no nope never none nothing nothin=nothing nobody nowhere neither nor without "
    "dont=not doesnt=not didnt=not isnt=not arent=not wasnt=not werent=not hasnt=not havent=not hadnt=not "
    "couldnt=not wouldnt=not shouldnt=not mustnt=not neednt=not wont=not cant=not aint=not",
    "es": "no ni nunca jamás nada nadie ningun* ningún sin tampoco",
    "fr": "ne n=ne pas jamais rien aucun* ni sans non",
    "he": "לא אין אינו אינה אינם בלי ללא אסור",
    "hi": "नहीं न ना मत बिना",
    "id": "tidak tak bukan jangan belum tanpa",
    "it": "non no né mai niente nulla nessun* senza neanche nemmeno neppure",
    "nl": "niet geen nooit niets niemand nergens zonder noch nee",
    "pl": "nie ani nigdy nic nikt nikogo nigdzie żaden żadn* bez",
    "pt": "não nao=não nem nunca jamais nada ninguém nenhum* sem tampouco",
    "ro": "nu n=nu nici niciodată nimic nimeni niciun nicio fără",
    "ru": "не нет ни никогда ничего никто никого нельзя без",
    "uk": "не ні немає нема ніколи нічого ніхто нікого без",
    "vi": "không chưa chẳng chả đừng",
    "zh": "不 没 沒=没 无 無=无 未 勿",
}
"""Free-standing negations by language. ``kein*`` is every word that begins so, ``n=ne`` another form of the same.

Not here, for negation is mostly a part of the verb, which only a morphological analysis would find: Czech, Japanese,
Korean, Persian, Swahili, Turkish.
"""

CLITICS = {"ar": "وف", "he": "ושכה"}
"""Letters (and, that, when, the) that are written together with the word behind them."""


def negations(text: str, language: str) -> Counter[str] | None:
    """The negating words of a text, the forms of one word counted together; None where no list tells for a language.

    In English ``n't``, ``cannot`` and ``dont`` count as ``not``. In Chinese single characters count, also inside
    words (``不`` in ``不同``).

    Misses: negation by an affix (``un-``, ``-less``) or by a verb (``refuse to``). Counts a word however it is meant.
    """
    primary = language.partition("-")[0]
    if primary not in _FORMS:
        return None
    forms, stems, clitics = _FORMS[primary], _STEMS[primary], CLITICS.get(primary, "")
    if primary == "zh":
        return Counter(forms[character] for character in text if character in forms)
    found: Counter[str] = Counter()
    lower = text.lower()
    for token in WORD.findall(lower):
        word = token.strip("_")
        form = forms.get(word) or (forms.get(word.lstrip(clitics)) if clitics else None)
        if form is None and not word.isascii() and len(word) <= LONGEST_COMPOSED_CHARS:
            form = forms.get(unicodedata.normalize("NFC", word))
        if form is None and stems:
            form = next((stem for stem in stems if word.startswith(stem)), None)
        if form is not None:
            found[form] += 1
    if primary == "en" and (contracted := len(CONTRACTED_NOT.findall(lower))):
        found["not"] += contracted
    return found


CONTRACTED_NOT = re.compile(r"(?<=n)['’]t(?!\w)")

_FORMS = {
    language: {
        entry.partition("=")[0]: entry.partition("=")[2] or entry
        for entry in words.split()
        if not entry.endswith("*")
    }
    for language, words in _NEGATIONS.items()
}
_STEMS = {
    language: tuple(entry.removesuffix("*") for entry in words.split() if entry.endswith("*"))
    for language, words in _NEGATIONS.items()
}


# --------------------------------------------------------------------------------------------------- code

CODE = re.compile(
    r"""
      ```(?:(?!```).)*+(?:```|\Z)                  # a block, to the end of the text where it is not closed
    | ~~~(?:(?!~~~).)*+(?:~~~|\Z)
    | ``[^`\n]++``
    | `[^`\n]++`
    | (?P<address>
        https?://[^\s<>"]++
      | (?<!\w)www\.[^\s<>"]++
      | (?<![\w.+%-])[\w.+%-]{1,64}+@[\w-]{1,63}+(?:\.[\w-]{1,63}+){1,8}+
      )
    """,
    re.VERBOSE | re.DOTALL,
)
SIGNS_OF_CODE = ("`", "~~~", "://", "www.", "@")
"""One of them is in everything that ``CODE`` finds. Most texts have none, which is quickly seen."""

AFTER_ADDRESS = ".,;:!?…)]}'’”»*_"


def code(text: str) -> Counter[str]:
    """The code blocks, code in lines, web and e-mail addresses of a text, to the byte.

    Punctuation behind an address is not counted as a part of it. Misses: code that is not marked as such.
    """
    if not any(sign in text for sign in SIGNS_OF_CODE):
        return Counter()
    return Counter(
        found.group().rstrip(AFTER_ADDRESS) if found["address"] else found.group()
        for found in CODE.finditer(text)
    )


# -------------------------------------------------------------------------------------------------- words


def words(text: str) -> list[str]:
    """The words of a text in order, without case, punctuation marks, apostrophes and invisible characters.

    In scripts without spaces each character counts as a word.
    """
    plain = UNSEEN_IN_WORDS.sub("", text.casefold()).replace("_", " ")
    if plain.isascii():
        return WORD.findall(plain)
    word_of_script = UNSPACED_WORD if HAS_UNSPACED.search(plain) else WORD
    return [
        unicodedata.normalize("NFC", word) if 1 < len(word) <= LONGEST_COMPOSED_CHARS else word
        for word in word_of_script.findall(plain)
    ]


def same_words(original: str, perturbed: str) -> bool:
    """Whether the original's words are all in the perturbed text in the same order, with or without others between."""
    following = iter(words(perturbed))
    return all(word in following for word in words(original))


def share_kept(original: Counter[str], perturbed: Counter[str]) -> float | None:
    """The share of what an original has that is still there, as often; None where it has nothing of the kind."""
    if not original:
        return None
    return (original & perturbed).total() / original.total()
