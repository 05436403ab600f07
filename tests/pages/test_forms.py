"""Form shares: what is always shown, in which order, and that nothing is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from generator.facts.inspections import ParameterTensor
from generator.pages.forms import FormShare, form_shares, render
from tests.examples import TINY_CONV, TINY_EMPTY, TINY_VIT, record, tensor


def names(shares: list[FormShare]) -> list[str]:
    """The forms in their order."""
    return [share.name for share in shares]


def test_vectors_and_matrices_are_always_there() -> None:
    """A model without parameters has both columns, of nothing."""
    assert form_shares(TINY_EMPTY) == [FormShare("Vector", 0, 0), FormShare("Matrix", 0, 0)]


def test_shares_are_counted_by_squeezed_rank() -> None:
    """Tensors and parameters are counted under the form of their squeezed shape."""
    assert form_shares(TINY_CONV) == [
        FormShare("Vector", 3, 8 + 8 + 10),
        FormShare("Matrix", 1, 10 * 8),
        FormShare("Tensor rank 3", 1, 8 * 3 * 3),
        FormShare("Tensor rank 4", 1, 8 * 3 * 3 * 3),
    ]


def test_scalars_come_first_where_there_are_any() -> None:
    """Scalars stand before vectors, and only where a tensor squeezes to rank 0."""
    assert names(form_shares(TINY_VIT)) == ["Scalar", "Vector", "Matrix", "Tensor rank 4"]
    assert form_shares(TINY_VIT)[0] == FormShare("Scalar", 1, 1)


def test_higher_ranks_ascend() -> None:
    """Tensor rank N comes in ascending N, also past 9, and those between are left out."""
    made = [tensor("a", *[2] * 10), tensor("b", 2, 2, 2), tensor("c", *[2] * 9), tensor("d", 1, 1)]
    assert names(form_shares(record("deep", *made))) == [
        "Scalar",
        "Vector",
        "Matrix",
        "Tensor rank 3",
        "Tensor rank 9",
        "Tensor rank 10",
    ]


@given(st.lists(st.lists(st.integers(0, 9), max_size=6).map(lambda sizes: tensor("t", *sizes))))
def test_shares_sum_to_the_whole(made: list[ParameterTensor]) -> None:
    """No tensor and no parameter is lost or counted twice."""
    shares = form_shares(record("net", *made))
    assert sum(share.tensors for share in shares) == len(made)
    assert sum(share.parameters for share in shares) == sum(item.parameters for item in made)


def test_the_picture_says_its_figures_in_words() -> None:
    """Each form has its two shares in words beside its bars, so that colour is not needed."""
    text = render(form_shares(TINY_CONV))
    assert text.startswith('<figure class="form-shares">\n<figcaption>')
    assert text.endswith("\n</figure>")
    assert "\n\n" not in text
    assert '<dt>Matrix</dt><dd class="tensors"><span>16.67 % of tensors</span><i style="width:16.67%"></i></dd>' in text
    assert '<dd class="parameters"><span>20.30 % of parameters</span><i style="width:20.30%"></i></dd>' in text


def test_a_share_of_nothing_has_no_bar() -> None:
    """A model without parameters has its forms, without a bar of an impossible length."""
    text = render(form_shares(TINY_EMPTY))
    assert text.count("– % of") == 4
    assert "width" not in text
