"""Which texts can be shown to judges? The pairs read, perturbed and checked, before any trial is planned.

A text that a perturbation cannot change, or changes in a way that breaks what it claims to keep, is left out by
a declared rule and counted, never silently.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from omegaconf import DictConfig, OmegaConf

from judgeaudit import perturb, writing
from judgeaudit.configured import made
from judgeaudit.corpora import Corpus
from judgeaudit.design import Design
from judgeaudit.errors import ConfigurationError, PerturbationError
from judgeaudit.judges.base import Writer
from judgeaudit.ledger import Ledger
from judgeaudit.perturb import Change, PerturbedText, Selection, Status
from judgeaudit.perturb.base import language_tag
from judgeaudit.perturb.combine import NO_ARTIFACT, MatchedPlacebo
from judgeaudit.perturb.meaning import EmbeddingMeaningCheck, MeaningCheck, ModelMeaningCheck
from judgeaudit.perturb.validity import check
from judgeaudit.recorded_design import Extent, within
from judgeaudit.records import NOT_RECORDED, Arm, Pair, Side
from judgeaudit.runner import Engine
from judgeaudit.unbought import Unbought, is_unwritten, supposed

COUNT, KEEP, ERROR = "count", "keep", "error"


@dataclass(frozen=True)
class TextRules:
    """What becomes of a text that its perturbation leaves without a valid copy.

    Each is ``count`` (left out of that perturbation's arms, and counted) or ``error`` (the audit stops before
    anything is judged); ``invalid`` may also be ``keep`` (judged all the same, and marked).
    """

    unchanged: str = COUNT
    not_applicable: str = COUNT
    failed: str = COUNT
    invalid: str = COUNT

    def __post_init__(self) -> None:
        for field in ("unchanged", "not_applicable", "failed", "invalid"):
            known = (COUNT, ERROR, KEEP) if field == "invalid" else (COUNT, ERROR)
            if getattr(self, field) not in known:
                raise ConfigurationError(
                    f"texts.{field}: found {getattr(self, field)!r}, expected {' or '.join(known)}."
                )


@dataclass(frozen=True)
class Prepared:
    """An audit's pairs and every perturbed text of theirs.

    Attributes:
        corpus: the pairs.
        selection: the perturbations and their placebos.
        texts: a text for each change, pair and side, checked.
        rewritten: what a model wrote for rewriting perturbations; None where none was asked for.
        meaning: the check of meaning; None where none was asked for.
        compared: what a model said of meanings; None likewise.
        losses: the selected perturbations of which nothing was recorded, a sentence each.
    """

    corpus: Corpus
    selection: Selection
    texts: tuple[PerturbedText, ...]
    rewritten: writing.Rewritten | None
    meaning: MeaningCheck | None
    compared: writing.Compared | None
    losses: tuple[str, ...] = ()


def prepare_texts(
    config: DictConfig,
    corpus: Corpus,
    design: Design,
    ledger: Ledger,
    engine: Engine,
    recorded: Extent | None = None,
    unbought: Unbought | None = None,
) -> Prepared:
    """Perturb both responses of each pair, and check what came of it.

    Args:
        config: the audit's configuration.
        corpus: the pairs.
        design: which responses are perturbed.
        ledger: where rewrites are kept.
        engine: how they are bought.
        recorded: what was recorded, where every judge is replayed: nothing else is perturbed then.
        unbought: what stands in for the models that write and compare, where nothing is to be bought.

    Raises:
        JudgeAuditError: whatever the user can mend.
    """
    rules = cast("TextRules", made(config.texts, "texts"))
    engine = engine if unbought is None else replace(engine, progress="off")  # nothing goes on
    selection = perturb.select(
        dict((config.get("perturbations") or {}).items()),
        seed=int(config.seed),
        compose=design.compose,
        factorial=design.factorial,
        with_placebos=Arm.PLACEBO in design.arms,
    )
    meaning = None if config.get("meaning") is None else cast("MeaningCheck", made(config.meaning, "meaning"))
    losses: tuple[str, ...] = ()
    if recorded is not None:
        selection, losses = within(
            selection,
            recorded,
            with_texts=corpus.has_texts,
            with_writer=config.get("writer") is not None,
        )
    design.check_targets(corpus.pairs)
    rewritten = None
    if selection.rewrites:
        writer = _writer(config, "writer", f"perturbations {[one.name for one in selection.rewrites]}")
        writer = writer if unbought is None else unbought.in_place_of_writer(writer)
        sides = design.perturbed
        rewritten = writing.rewrite(selection.rewrites, corpus.pairs, writer, ledger, engine, sides)
    written = () if rewritten is None else rewritten.texts
    texts = perturb.perturb_all(selection.changes, corpus.pairs, written, design.perturbed)
    texts = texts if unbought is None else [supposed(text) for text in texts]
    pairs = {pair.id: pair for pair in corpus.pairs}
    texts = _with_checks(texts, pairs)
    compared = None
    asked = {
        _place(text): (pairs[text.pair_id].response(text.side), text.text)
        for text in texts
        if text.status is Status.CHANGED and text.text is not None and text.checks is not None
    }
    if isinstance(meaning, EmbeddingMeaningCheck):
        texts = _with_similarity(
            texts, dict(zip(asked, meaning.similarities(list(asked.values())), strict=True))
        )
    elif isinstance(meaning, ModelMeaningCheck):
        reader = _writer(config, "meaning_judge", "the check of meaning asks a model")
        reader = reader if unbought is None else unbought.in_place_of_reader(reader)
        compared = writing.compare_meanings(meaning, list(asked.values()), reader, ledger, engine)
        texts = _with_similarity(texts, dict(zip(asked, compared.similarities, strict=True)))
    texts = _by_rule(texts, selection.changes, rules, meaning)
    return Prepared(corpus, selection, tuple(texts), rewritten, meaning, compared, losses)


def read_corpus(node: DictConfig) -> Corpus:
    """Read the pairs that ``data`` names."""
    arguments = {str(key): node[key] for key in node if key != "description"}
    return cast("Corpus", made(OmegaConf.create(arguments), "data"))


def _place(text: PerturbedText) -> tuple[str, str, Side]:
    return text.perturbation, text.pair_id, text.side


def _writer(config: DictConfig, key: str, why: str) -> Writer:
    node = config.get(key)
    if node is None:
        raise ConfigurationError(
            f"{why}, and none is named: add judge@{key}=NAME with any model judge, as in judge@{key}=gpt-4o."
        )
    writer = made(node, key)
    if not isinstance(writer, Writer):
        raise ConfigurationError(
            f"{key}: found {writer!r}, expected a model judge (API or local), which can write."
        )
    return writer


def _with_checks(texts: Sequence[PerturbedText], pairs: Mapping[str, Pair]) -> list[PerturbedText]:
    checked = []
    for text in texts:
        if text.text is not None and text.text != NOT_RECORDED and not is_unwritten(text):
            pair = pairs[text.pair_id]
            checks = check(pair.response(text.side), text.text, language_tag(pair.language))
            text = replace(text, checks=checks)
        checked.append(text)
    return checked


def _with_similarity(
    texts: Sequence[PerturbedText], similarity: Mapping[tuple[str, str, Side], float | None]
) -> list[PerturbedText]:
    return [
        replace(text, checks=replace(text.checks, similarity=similarity.get(_place(text))))
        if text.checks is not None
        else text
        for text in texts
    ]


def _by_rule(
    texts: Sequence[PerturbedText],
    changes: Sequence[Change],
    rules: TextRules,
    meaning: MeaningCheck | None,
) -> list[PerturbedText]:
    """The texts with the status that the thresholds and the rules give them.

    Raises:
        PerturbationError: a rule says that a text without a valid copy stops the audit.
    """
    thresholds = {change.name: change.declaration.thresholds for change in changes}
    if meaning is not None:
        thresholds = {
            change.name: meaning.applied_to(change.declaration.keeps, change.declaration.thresholds)
            for change in changes
        }
    matched = {change.name: change.artifact.name for change in changes if isinstance(change, MatchedPlacebo)}
    done: dict[tuple[str, str, Side], PerturbedText] = {}
    for text in texts:
        failure = None if text.checks is None else thresholds[text.perturbation].failure(text.checks)
        if failure is not None and text.status is Status.CHANGED:
            text = replace(text, status=Status.INVALID, reason=failure)
        if text.status is Status.INVALID and rules.invalid == KEEP:
            text = replace(text, status=Status.CHANGED)
        artifact = done.get((matched.get(text.perturbation, ""), text.pair_id, text.side))
        if artifact is not None and artifact.status is Status.INVALID:
            text = replace(text, status=Status.INVALID, reason=NO_ARTIFACT)
        done[_place(text)] = text
    _stop_where_ruled(list(done.values()), rules)
    return list(done.values())


def _stop_where_ruled(texts: Sequence[PerturbedText], rules: TextRules) -> None:
    stopping = {
        status for status in Status if status is not Status.CHANGED and getattr(rules, status.value) == ERROR
    }
    wrong = Counter(
        f"{text.perturbation}: {text.status.value}: {text.reason}"
        for text in texts
        if text.status in stopping
    )
    if wrong:
        lines = "\n  ".join(f"{line} ({n} texts)" for line, n in sorted(wrong.items()))
        named = " ".join(f"texts.{status.value}=count" for status in Status if status in stopping)
        raise PerturbationError(
            f"{wrong.total()} texts have no valid copy, and the configuration says to stop there. Leave the "
            f"perturbation out, mend it, or have such texts counted ({named}).\n  {lines}"
        )
