"""Which colours and markers tell judges apart, in print and on dark screens, for readers of any colour vision?

The hues follow Okabe and Ito's set for colour-blind readers (jfly.uni-koeln.de/color), darkened where a dot on
white would be too pale. Each is also a CSS variable in the page, so that a dark scheme can lighten it.
"""

from __future__ import annotations

INK, MUTED, RULE, BAND, PAPER, NEUTRAL = "#1c1f23", "#5b6169", "#d9dce0", "#eceef1", "#fefefe", "#7b8189"
COLOURS = ("#0067a8", "#c4500a", "#00825f", "#a8548a", "#2c8fc9", "#b87a00", "#6a4fb3")
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "p")

VARIABLES = {
    INK: "--ink",
    MUTED: "--muted",
    RULE: "--rule",
    BAND: "--band",
    PAPER: "--paper",
    NEUTRAL: "--neutral",
    **{colour: f"--hue-{number}" for number, colour in enumerate(COLOURS, start=1)},
}
"""Which variable of reports/report.css stands for each colour of a figure."""
