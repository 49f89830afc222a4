"""The attention of a decoder to an encoder, Vaswani et al. 2017, section 3.2.3."""

from torch import Tensor

from attention.pretrained.layer import LayerSteps, MultiHeadAttention


class CrossAttention(MultiHeadAttention):
    """Multi-head attention where queries come of one text's tokens, keys and values of another's."""

    def forward(self, x: Tensor, source: Tensor) -> LayerSteps:  # type: ignore[override]
        """Return every tensor on the way from X, (n, d_model), and the encoder's output, (m, d_model)."""
        queries = x @ self.w_query + self.b_query[:, None]  # (heads, n, d_k)
        keys = source @ self.w_key + self.b_key[:, None]  # (heads, m, d_k)
        values = source @ self.w_value + self.b_value[:, None]  # (heads, m, d_v)
        scores = queries @ keys.mT  # (heads, n, m)
        weights = (scores / self.divisor).softmax(dim=-1)  # (heads, n, m)
        context = weights @ values  # (heads, n, d_v)
        output = context.transpose(0, 1).flatten(1) @ self.w_output + self.b_output  # (n, d_model)
        return LayerSteps(queries, keys, values, queries, keys, scores, weights, context, output)
