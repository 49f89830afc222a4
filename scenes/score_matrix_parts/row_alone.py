"""One row of the scores by itself, as large as the stage."""

from attention import AttentionTrace
from scenes.content.focus import strongest_with_rest
from scenes.look.theme import Theme
from scenes.places.layout import Frame
from scenes.score_matrix_parts.row_panel import RowPanel, State, bars_in
from scenes.score_matrix_parts.row_states import RowStates
from scenes.words import pgettext


def row_alone(trace: AttentionTrace, states: RowStates, frame: Frame, theme: Theme) -> RowPanel:
    """Return the panel of a row, with what its softmax is taken of, and a bar for as many keys as can be read."""
    large = bars_in(frame.stage, frame, frame.text) >= len(trace)
    size = frame.text if large else frame.small_text
    slots = strongest_with_rest(trace.weights[states.head][states.query], bars_in(frame.stage, frame, size))
    facts, color, formulas, _ = states.masked if trace.masked else states.last
    state: State = facts, color, formulas, [(pgettext("stage", "scores"), theme.quiet)]
    panel = RowPanel(trace, states.query, state, slots, frame.stage, frame, theme, size)
    states.hidden = panel.hidden
    return panel
