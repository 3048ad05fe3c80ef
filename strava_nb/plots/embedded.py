"""A picture as bytes, for a page that carries its pictures inside."""

from __future__ import annotations

import io

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

_DPI = 160


def png_of(ax: Axes) -> bytes:
    """The figure of the axes as a PNG; the figure is closed, so that no notebook shows it as well."""
    figure = ax.get_figure(root=True)
    if figure is None:
        return b""
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=_DPI, metadata={"Software": None})
    plt.close(figure)
    return out.getvalue()
