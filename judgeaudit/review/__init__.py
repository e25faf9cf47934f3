"""What do people say of the perturbed texts? A blinded sample for raters, and what their ratings add up to.

An edit that is meant to leave the meaning alone is shown to do so by people who compare the texts without knowing
which one was edited, nor how; docs/human-review.md describes the sheet.
"""

from judgeaudit.review.sample import ReviewText, Shown, items, sample
from judgeaudit.review.sheet import Rating, Sheet, read_sheets, write_sheet
from judgeaudit.review.stored import Review, store, stored
from judgeaudit.review.summary import Agreement, ReviewSummary, agreement, summaries

__all__ = [
    "Agreement",
    "Rating",
    "Review",
    "ReviewSummary",
    "ReviewText",
    "Sheet",
    "Shown",
    "agreement",
    "items",
    "read_sheets",
    "sample",
    "store",
    "stored",
    "summaries",
    "write_sheet",
]
