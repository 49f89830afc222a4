"""Whom a pronoun should look at, by a head made for the test: names and nouns before it, and nothing else."""

import pytest
import torch

from attention.training.pronouns import Pronouns, Seen

PIECES = ["the", "king", "cat", "saw", "he", "it", "i", "."]
THE, KING, CAT, SAW, HE, IT, _, STOP = range(len(PIECES))
TEXTS = torch.tensor([[THE, KING, SAW, THE, CAT, STOP, HE, SAW, IT]] * 20)
WANTED = {HE: {KING: 0.7, CAT: 0.2, THE: 0.05, SAW: 0.05}, IT: {CAT: 0.6, KING: 0.2, HE: 0.1, SAW: 0.1}}


@pytest.fixture
def seen() -> Seen:
    attention = torch.zeros(len(TEXTS), 9, 9)
    for text, ids in enumerate(TEXTS.tolist()):
        for row, piece in enumerate(ids):
            for column, other in enumerate(ids):
                if row != column:
                    attention[text, row, column] = WANTED.get(piece, {}).get(other, 0.01 if piece in WANTED else 1)
    return Seen(TEXTS, attention / attention.sum(dim=-1, keepdim=True))


def test_nouns_are_found_without_a_list_of_them(seen: Seen) -> None:
    pronouns = Pronouns(PIECES, [seen])
    assert pronouns.are_candidates.tolist() == [piece in ("king", "cat") for piece in PIECES]
    assert pronouns.are_pronouns.tolist() == [piece in ("he", "it") for piece in PIECES]


def test_shares_are_the_heads_among_what_stands_before_and_can_be_meant(seen: Seen) -> None:
    referents = Pronouns(PIECES, [seen]).referents(seen, sharpness=1.0)
    assert referents.rows[0].nonzero().flatten().tolist() == [6, 8]
    for shares in (referents.shares, referents.pointed):
        assert shares[0, :6].eq(0).all()
        assert shares[0, [6, 8]].nonzero()[:, 1].unique().tolist() == [1, 4]
        torch.testing.assert_close(shares[0, [6, 8]].float().sum(dim=-1), torch.ones(2), atol=1e-3, rtol=0)
    torch.testing.assert_close(referents.shares[0, 6, [1, 4]].float(), torch.tensor([7 / 9, 2 / 9]), atol=1e-3, rtol=0)
    assert referents.trust[0, 6] == pytest.approx(seen.attention[0, 6, [1, 4]].sum().item(), abs=1e-3)


def test_sharpness_makes_the_largest_share_larger(seen: Seen) -> None:
    pronouns = Pronouns(PIECES, [seen])
    soft, sharp = (pronouns.referents(seen, sharpness) for sharpness in (1.0, 2.0))
    torch.testing.assert_close(sharp.shares[0, 6, [1, 4]].float(), torch.tensor([49, 4]) / 53, atol=1e-3, rtol=0)
    assert sharp.pointed[0, 8, 4] > soft.pointed[0, 8, 4]


def test_a_pronoun_that_nothing_stands_before_has_no_target(seen: Seen) -> None:
    first = Seen(torch.tensor([[HE, SAW, THE, CAT]]), torch.full((1, 4, 4), 0.25))
    referents = Pronouns(PIECES, [seen]).referents(first, sharpness=1.5)
    assert referents.rows[0, 0]
    assert not referents.shares.any()
    assert not referents.trust.any()
