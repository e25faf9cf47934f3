"""How does a figure's SVG stand inside a page? Without its file's preamble, with the page's own colours and with
ids that no other figure has."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from judgeaudit.report.palette import VARIABLES

ID = re.compile(r'(\bid="|url\(#|xlink:href="#)')
COLOUR = re.compile("|".join(VARIABLES), re.IGNORECASE)
PREAMBLE = re.compile(r"^.*?(?=<svg )", re.DOTALL)
METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
VIEW_BOX = re.compile(r'viewBox="0 0 ([0-9.]+) ')
LARGEST, SMALLEST = 1.68, 1.0
"""Pixels for a point of the figure: its text is as large as the page's, and on a phone still readable."""

TAG = re.compile(r"<[^>]*>")


def inline(svg: str, name: str, alt: str) -> Markup:
    """The SVG of one figure for a page of HTML.

    Args:
        svg: as matplotlib wrote it: texts in it are escaped.
        name: the figure's own, which goes before every id.
        alt: what a screen reader says.
    """
    text = METADATA.sub("", PREAMBLE.sub("", svg, count=1))
    # Only inside tags: a judge may be called by the name of a colour.
    text = TAG.sub(lambda tag: _in_page(tag.group(), name), text)
    found = VIEW_BOX.search(text)
    points = float(found.group(1)) if found else 0.0
    size = f"min-width:{points * SMALLEST:.0f}px;max-width:{points * LARGEST:.0f}px"
    opening = f'<svg role="img" aria-label="{escape(alt)}" style="{size}" '
    return Markup(text.replace("<svg ", opening, 1).strip())  # noqa: S704 - matplotlib escaped its texts


def _in_page(tag: str, name: str) -> str:
    tag = ID.sub(lambda found: f"{found.group()}{name}-", tag)
    return COLOUR.sub(lambda found: f"var({VARIABLES[found.group().lower()]})", tag)
