"""Which numbers of the followed token's row are read, the same ones in all clips."""

from attention import AttentionTrace
from scenes.content.written_product import WrittenProduct, clearest_query
from scenes.places.layout import Frame, visible_slots
from scenes.places.matrix_places import head_columns

_WIDE, _SQUARE, _TALL = 6, 5, 4  # numbers at most
_NARROWEST = 0.085  # cell of a matrix that is looked at as colours, scene units


def most_columns(frame: Frame) -> int:
    """Return how many columns of a matrix of colours there is room for."""
    return int(0.75 * frame.stage.width / _NARROWEST)


def read_query(trace: AttentionTrace, head: int, token: int, frame: Frame) -> WrittenProduct:
    """Return the number of a token's query that is written out; its ``columns`` are those in which X is read."""
    seen = visible_slots(trace.embeddings.shape[1], most_columns(frame))
    components = head_columns(trace.w_query.shape[2])
    most = _WIDE if frame.wide else _TALL if frame.tall else _SQUARE
    return clearest_query(trace, head, token, most, components[components >= 0], seen)
