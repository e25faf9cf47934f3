"""What does a run leave behind? One folder with everything needed to check it, written and read here only.

config.yaml        the resolved configuration
manifest.json      versions, hashes, seeds, hardware, what was bought, what was left out and why
pairs.parquet      the pairs under audit
texts.parquet      every perturbed text, with its status
verdicts.parquet   one row for each judge or jury and trial
metrics.json       every estimate, under "measures"; planted judges' truth under "truth"
review.json        what people said of the texts, where somebody was asked
tables/ figures/ report.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from judgeaudit.corpora.corpus import shown
from judgeaudit.corpora.table import length_of, refuses
from judgeaudit.errors import RunFolderError
from judgeaudit.juries import FAILED, MISSING, VERDICTS, Ballots, JuryVerdicts
from judgeaudit.metrics import Measure, Subjects
from judgeaudit.metrics.subjects import Dose, Wording
from judgeaudit.perturb import PerturbedText
from judgeaudit.perturb.validity import Checks
from judgeaudit.planted_truth import Truth
from judgeaudit.records import NOT_RECORDED, Outcome, Trial, Verdict
from judgeaudit.run_contract import COLUMNS, MAY_BE_MISSING, VOCABULARY, Manifest, Metrics, misfit
from judgeaudit.runner import Judged

if TYPE_CHECKING:
    from numpy.typing import NDArray

ADVICE = (
    "The file is damaged, was edited, or is another version's: bring it back from a copy, or run the audit again "
    "(what was bought is in the ledger)."
)

NUMBERS = ("p_first", "p_second", "p_tie", "score_first", "score_second")
VERDICT_FIELDS = ("outcome", *NUMBERS, "raw", "error", "model")


def trial_table(trials: Sequence[Trial]) -> pd.DataFrame:
    """One row per trial: pair_id, arm, perturbation, side, order, replicate."""
    return pd.DataFrame(
        {
            "pair_id": [trial.pair_id for trial in trials],
            "arm": [trial.arm.value for trial in trials],
            "perturbation": [trial.perturbation for trial in trials],
            "side": [trial.side for trial in trials],
            "order": [trial.order for trial in trials],
            "replicate": np.array([trial.replicate for trial in trials], dtype=np.int32),
        }
    )


def judge_table(trials: pd.DataFrame, judged: Judged, *, exact: bool) -> pd.DataFrame:
    """One judge's rows of verdicts.parquet: the trial columns, then what the judge said.

    ``exact`` says that every verdict carries the judge's own distribution. ``failed_jurors`` is null. A trial that was
    not put to the judge is ``missing`` and has no key.
    """
    position = {key: index for index, key in enumerate(judged.verdicts)}
    rows = np.array([-1 if key is None else position[key] for key in judged.keys])
    verdicts = [*judged.verdicts.values(), Verdict(Outcome.MISSING)]  # the last stands for what was not asked
    distinct = pd.DataFrame(
        {name: [getattr(verdict, name) for verdict in verdicts] for name in VERDICT_FIELDS}
    )
    said = distinct.take(rows).reset_index(drop=True)
    for name in NUMBERS:
        said[name] = said[name].astype(np.float64)
    return pd.concat([trials, said], axis=1).assign(
        judge=judged.judge,
        is_jury=False,
        exact=exact,
        key=pd.Series(judged.keys, dtype="str"),
        failed_jurors=None,
    )


def ballots(tables: Sequence[pd.DataFrame]) -> Ballots:
    """Jurors' tables of the same trials as the arrays that a jury deliberates on."""
    codes = {outcome.value: code for code, outcome in enumerate(VERDICTS)}
    codes[Outcome.MISSING.value] = MISSING
    outcomes: NDArray[np.int8] = np.stack(
        [table["outcome"].map(codes).fillna(FAILED).to_numpy(np.int8) for table in tables]
    )
    probabilities = np.stack([table[["p_first", "p_second", "p_tie"]].to_numpy() for table in tables])
    one_hot = np.where((outcomes >= 0)[:, :, None], np.eye(3)[outcomes], np.nan)
    probabilities = np.where(np.isnan(probabilities), one_hot, probabilities)
    probabilities[outcomes < 0] = np.nan
    exact = all(bool(table["exact"].all()) for table in tables)
    return Ballots(outcomes, probabilities, exact)


def jury_table(trials: pd.DataFrame, name: str, said: JuryVerdicts) -> pd.DataFrame:
    """A jury's rows of verdicts.parquet. No verdict is outcome ``error``, and the error says why."""
    # Behind the verdicts stand what the codes from the end mean: -2 missing, -1 a failure.
    words = [*(outcome.value for outcome in VERDICTS), Outcome.MISSING.value, Outcome.ERROR.value]
    outcomes = np.array(words)[said.outcomes]
    open_vote = "the jury's vote was open and its tie policy is fail"
    reasons = [
        None if code != FAILED else (f"{failed} jurors gave no verdict" if failed else open_vote)
        for code, failed in zip(said.outcomes, said.failed_jurors, strict=True)
    ]
    given = said.probabilities is not None
    p = said.probabilities if said.probabilities is not None else np.full((len(trials), 3), np.nan)
    return trials.assign(
        outcome=outcomes,
        p_first=p[:, 0],
        p_second=p[:, 1],
        p_tie=p[:, 2],
        score_first=np.nan,
        score_second=np.nan,
        raw=None,
        error=pd.Series(reasons, dtype="object"),
        model=None,
        judge=name,
        is_jury=True,
        exact=given,
        key=None,
        failed_jurors=said.failed_jurors.astype(np.int32),
    )


def text_table(texts: Sequence[PerturbedText]) -> pd.DataFrame:
    """One row per perturbed text, whatever its status: its fields, then those of its checks."""
    own = [field.name for field in fields(PerturbedText) if field.name != "checks"]
    checked = [field.name for field in fields(Checks)]
    rows = [
        [
            *(getattr(text, name) for name in own),
            *(None if text.checks is None else getattr(text.checks, name) for name in checked),
        ]
        for text in texts
    ]
    table = pd.DataFrame(rows, columns=[*own, *checked])
    for name in checked:
        # A column without any value would be of no type; kept texts are yes or no.
        table[name] = table[name].astype("boolean" if name in ("text_kept", "wording_kept") else np.float64)
    return table


def text_facts(texts: pd.DataFrame) -> pd.DataFrame:
    """Of every perturbed text: pair_id, perturbation, side, length (characters), refuses (1 or 0, whether it opens so).

    Both are missing where there is no text, or none that was recorded.
    """
    known = texts["text"].where(texts["text"].notna(), NOT_RECORDED)
    return texts[["pair_id", "perturbation", "side"]].assign(
        length=[length_of(text) for text in known],
        refuses=pd.Series([refuses(text) for text in known], texts.index, dtype=object).astype(np.float64),
    )


@dataclass(frozen=True)
class RunFolder:
    """A finished run's folder, for reading.

    Raises:
        RunFolderError: there is no manifest; and, from every method, a file is missing or is not what it should be.
    """

    path: Path

    def __post_init__(self) -> None:
        if not (self.path / "manifest.json").is_file():
            raise RunFolderError(
                f"{self.path}: found no manifest.json, expected the folder of a finished run "
                f"(judgeaudit run prints it; Hydra's default is outputs/DATE/TIME)."
            )

    def table(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """One of the Parquet tables: ``pairs``, ``texts`` or ``verdicts``; the whole of it where columns is None."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self._existing(f"{name}.parquet")
        try:
            has = pq.read_schema(path).names
            missing = [column for column in columns or COLUMNS[name] if column not in has]
            if missing:
                raise RunFolderError(
                    f"{path}: found the columns {', '.join(has)}, expected {', '.join(missing)} too. {ADVICE}"
                )
            found = pd.read_parquet(path, columns=None if columns is None else list(columns))
        except (pa.ArrowException, OSError, ValueError) as error:
            raise RunFolderError(
                f"{path}: found {unreadable(error)}, expected a Parquet table. {ADVICE}"
            ) from error
        for column in VOCABULARY.keys() & set(found.columns):
            values = found[column].dropna() if column in MAY_BE_MISSING else found[column]
            strange = values[~values.isin(VOCABULARY[column])]
            if len(strange):
                raise RunFolderError(
                    f"{path}: column {column}, row {strange.index[0]}: found {shown(strange.iloc[0])}, expected "
                    f"one of {', '.join(VOCABULARY[column])}. {ADVICE}"
                )
        return found

    def manifest(self) -> dict[str, Any]:
        """The manifest; ``run_contract.Manifest`` says what it has."""
        return self._json("manifest.json", Manifest)

    def measures(self) -> tuple[Measure, ...]:
        """Every estimate of the run."""
        return tuple(Measure(**record) for record in self._metrics["measures"])

    def truths(self) -> tuple[Truth, ...]:
        """What planted judges should have been found to do; empty without planted judges."""
        return tuple(Truth(**record) for record in self._metrics["truth"])

    @cached_property
    def _metrics(self) -> dict[str, Any]:
        return self._json("metrics.json", Metrics)

    def _json(self, name: str, kind: type[Manifest] | type[Metrics]) -> dict[str, Any]:
        path = self._existing(name)
        try:
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except json.JSONDecodeError as error:
            raise RunFolderError(
                f"{path}:{error.lineno}: found no valid JSON ({error.msg}), expected an object. {ADVICE}"
            ) from error
        except (OSError, UnicodeDecodeError, RecursionError) as error:
            raise RunFolderError(
                f"{path}: found {unreadable(error)}, expected JSON in UTF-8. {ADVICE}"
            ) from error
        if problem := misfit(found, kind):
            raise RunFolderError(f"{path}: {problem}. {ADVICE}")
        return found

    def _existing(self, name: str) -> Path:
        path = self.path / name
        if not path.is_file():
            raise RunFolderError(
                f"{self.path}: found no {name}, expected one: the run did not finish, or a part of it was "
                f"removed. Run the audit again (what was bought is in the ledger)."
            )
        return path


def subjects_of(manifest: Mapping[str, Any]) -> Subjects:
    """The judges and artifacts of a run."""
    about, judges = manifest["perturbations"], manifest["judges"]
    return Subjects(
        placebos={name: one["placebo"] for name, one in about.items() if one["placebo"] is not None},
        cuts={name: one["cuts"] for name, one in judges.items() if one["cuts"] is not None},
        controls=frozenset(name for name, one in judges.items() if one["is_control"]),
        juries=frozenset(manifest["juries"]),
        doses={
            name: Dose(one["base"], one["dose"]) for name, one in about.items() if one["dose"] is not None
        },
        wordings={
            name: Wording(**one["wording"]) for name, one in judges.items() if one["wording"] is not None
        },
    )


def unreadable(error: Exception) -> str:
    """What a library says of a file that it cannot read, on one line, in brackets behind our own words."""
    return f"what cannot be read ({' '.join(str(error).split()) or type(error).__name__})"


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write JSON for people and programs: indented, UTF-8, no NaN."""
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def write_metrics(folder: Path, measures: Sequence[Measure], truths: Sequence[Truth]) -> None:
    """Write metrics.json."""
    write_json(
        folder / "metrics.json",
        {
            "measures": [measure.to_dict() for measure in measures],
            "truth": [asdict(truth) for truth in truths],
        },
    )
