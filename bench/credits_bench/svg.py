"""A picture of the result: one panel a figure, one bar a peer, a whisker from least to most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from .figures import Spread

_WIDTH = 760
_LABEL = 110
"""At least; longer names take more."""
_LETTER = 7
_VALUE = 80
_ROW = 22
_BAR = 14
_MARGIN = 16
_PANEL_HEAD = 30
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#222}.title{font-weight:600}.note{fill:#666}"
    ".ours{fill:#2f6fb5}.theirs{fill:#b8c4d0}.whisker{stroke:#444;stroke-width:1.5}"
    ".paper{fill:#fff}")


@dataclass(frozen=True)
class Bar:
    name: str
    spread: Spread
    shown: str
    ours: bool


@dataclass(frozen=True)
class Panel:
    title: str
    bars: Sequence[Bar]

    @property
    def height(self) -> int:
        return _PANEL_HEAD + _ROW * len(self.bars) + _MARGIN


def drawing(title: str, notes: Sequence[str], panels: Sequence[Panel]) -> str:
    shapes = [_text(_MARGIN, 28, title, "title")]
    y = 28
    for note in notes:
        y += 20
        shapes.append(_text(_MARGIN, y, note, "note"))
    y += 16
    label = max(
        [_LABEL, *(_LETTER * len(bar.name) + _MARGIN for panel in panels for bar in panel.bars)])
    for panel in panels:
        shapes += _panel(panel, y, label)
        y += panel.height
    size = f'width="{_WIDTH}" height="{y}" viewBox="0 0 {_WIDTH} {y}"'
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" width="{_WIDTH}" height="{y}"/>',
        *shapes, "</svg>", ""])


def _panel(panel: Panel, top: int, label: int) -> list[str]:
    shapes = [_text(_MARGIN, top + 18, panel.title, "title")]
    left = _MARGIN + label
    longest = max((bar.spread.high for bar in panel.bars), default=0) or 1
    scale = (_WIDTH - left - _VALUE - _MARGIN) / longest
    for index, bar in enumerate(panel.bars):
        y = top + _PANEL_HEAD + index * _ROW
        middle = y + _BAR / 2
        low, high = (left + value * scale for value in (bar.spread.low, bar.spread.high))
        kind = "ours" if bar.ours else "theirs"
        shapes += [
            _text(_MARGIN, y + 12, bar.name),
            f'<rect class="{kind}" x="{left}" y="{y}" '
            f'width="{max(bar.spread.median, 0) * scale:.1f}" height="{_BAR}"/>',
            f'<line class="whisker" x1="{low:.1f}" y1="{middle}" x2="{high:.1f}" y2="{middle}"/>',
            _text(high + 8, y + 12, bar.shown),
        ]
    return shapes


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    mark = f' class="{kind}"' if kind else ""
    return f'<text{mark} x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'
