"""The numbers of a training run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """The numbers of a training run; the defaults made the weights that the package ships.

    Parameters
    ----------
    d_model, d_k, max_tokens
        Sizes of the model, see :class:`attention.one_layer.AttentionModel`; it has one head.
    epochs, epochs_looking_back
        Passes over the corpus: of the whole model, and of the layer in which a token looks at earlier ones only.
    batch_tokens
        Tokens in a batch, about.
    learning_rate
        The largest one; it rises over ``warm_up`` steps and falls along a cosine to zero.
    held_out
        Share of the texts that are not trained on but measured at the end.
    position_columns, position_size, longest_wave
        At the start, the position table is sines and cosines in its last ``position_columns`` columns, where the token
        table, ordered by variance, says least. They have this root mean square (the token table's is 1) and wavelengths
        from 2 pi tokens to ``longest_wave`` times that.
    punctuation
        Factor on the teacher's attention to punctuation, which it uses as a place to rest.
    sharpness
        Power of the target of attention, see :func:`attention_target`: one head that points beats one that hesitates.
    attention_weight
        Weight of the loss between the attention to other tokens and the teacher's. The loss of the output has weight 1.
    pronoun_share, pronoun_sharpness
        How much of a pronoun's target is whom it stands for, and power of the shares of that, see
        :meth:`attention.training.pronouns.Pronouns.referents`.
    pronoun_weight
        Weight of a pronoun's row in the loss between attentions; that of any other row is 1.
    referent_weight
        Weight of the loss between the shares that a pronoun gives to what it may stand for, and the teacher's.
    self_share, self_share_weight
        What a token should keep to itself, and weight of the mean squared deviation from it.
    mixture_weight
        Weight of the loss that makes the output a mixture of token vectors, without the positions.
    neighbour_weight, neighbour_sample
        Weight of the loss that keeps the cosines between token vectors as they are in the teacher's table, and number
        of tokens compared with each other in a step.
    nudge_weight
        Weight of the loss that keeps a token vector close to the projection of the teacher's.
    position_weight
        Weight of the loss that keeps position vectors short, so that token plus position still looks like the token.
    """

    d_model: int = 96
    d_k: int = 48
    max_tokens: int = 64
    epochs: int = 2
    epochs_looking_back: int = 2
    batch_tokens: int = 2048
    learning_rate: float = 0.01
    warm_up: int = 100
    held_out: float = 0.025
    position_columns: int = 16
    position_size: float = 0.6
    longest_wave: float = 30.0
    punctuation: float = 0.3
    sharpness: float = 1.25
    attention_weight: float = 3.0
    pronoun_share: float = 0.6
    pronoun_sharpness: float = 1.5
    pronoun_weight: float = 3.0
    referent_weight: float = 60.0
    self_share: float = 0.48
    self_share_weight: float = 20.0
    mixture_weight: float = 0.3
    neighbour_weight: float = 2.0
    neighbour_sample: int = 384
    nudge_weight: float = 5.0
    position_weight: float = 0.03


DEFAULT = Recipe()
