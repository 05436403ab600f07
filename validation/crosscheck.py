"""Count the MACs of every timm model by a second method, and compare them with the dataset.

The dataset's MACs are counted below PyTorch's dispatcher, from the operators that run. This method works above the
dispatcher: a ``TorchFunctionMode`` sees the functions that models call, with fused attention and recurrent nets as
single calls. Each function has a formula on the shapes of its arguments. The two methods share no code. A difference of
more than 1 % needs a known reason.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

import timm
import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

# The share by which two counts may differ without a reason.
TOLERANCE = 0.01

# Known reasons for a difference, by a shell pattern of the model's name. Each was investigated.
REASONS: dict[str, str] = {}

Formula = Callable[..., int]


class Outcome(NamedTuple):
    """The MACs of a model by the two methods; ``None`` where one has no count, for the reason in ``error``."""

    name: str
    published: int | None
    counted: int | None
    error: str = ""

    @property
    def differs(self) -> bool:
        if self.published is None or self.counted is None:
            return True
        return abs(self.counted - self.published) > TOLERANCE * self.published


def convolution(
    image: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> int:
    """MACs of a convolution over any number of dimensions: each element of its result sums over a whole kernel.

    ``weight`` is (outputs, inputs / groups, kernel...), so its shape already accounts for the groups.
    """
    outputs, *kernel = weight.shape
    sizes = kernel[1:]
    dimensions = len(sizes)
    strides, dilations = _each(stride, dimensions), _each(dilation, dimensions)
    result = [
        size if padding == "same" else (size + 2 * pad - dilate * (extent - 1) - 1) // step + 1
        for size, extent, pad, step, dilate in zip(
            image.shape[-dimensions:],
            sizes,
            _each(0 if isinstance(padding, str) else padding, dimensions),
            strides,
            dilations,
            strict=True,
        )
    ]
    images = math.prod(image.shape[: -dimensions - 1])
    return images * outputs * math.prod(result) * math.prod(kernel)


def transposed_convolution(image: Tensor, weight: Tensor, *_: Any, **__: Any) -> int:
    """MACs of a transposed convolution: each element of its input is spread over a whole kernel.

    ``weight`` is (inputs, outputs / groups, kernel...).
    """
    return image.numel() * math.prod(weight.shape[1:])


def linear(vectors: Tensor, weight: Tensor, bias: Tensor | None = None) -> int:
    """MACs of a linear layer: inputs times outputs for each vector. ``weight`` is (outputs, inputs)."""
    return vectors.numel() // weight.shape[-1] * weight.numel()


def matrix_product(one: Tensor, other: Tensor, **_: Any) -> int:
    """MACs of ``torch.matmul``: (..., n, k) by (..., k, m), where a vector has n or m of 1, and batches broadcast."""
    rows = one.shape[-2] if one.ndim > 1 else 1
    columns = other.shape[-1] if other.ndim > 1 else 1
    batch: tuple[int, ...] = torch.broadcast_shapes(one.shape[:-2], other.shape[:-2])  # type: ignore[no-untyped-call]
    return math.prod(batch) * rows * columns * one.shape[-1]


def reversed_product(other: Tensor, one: Tensor) -> int:
    """MACs of ``one @ other`` where Python calls the method of ``other``."""
    return matrix_product(one, other)


def added_product(added: Tensor, one: Tensor, other: Tensor, **_: Any) -> int:
    """MACs of a matrix product with an addition, such as ``addmm`` and ``baddbmm``."""
    return matrix_product(one, other)


def einstein(equation: Any, *operands: Any) -> int:
    """MACs of ``torch.einsum``, with its operands contracted from left to right.

    An index that only one operand has, and the result does not, is summed first, which takes no MACs. A step without
    an index to sum over is an elementwise product, which takes none either.
    """
    tensors: list[Tensor] = (
        list(operands[0]) if len(operands) == 1 and not isinstance(operands[0], Tensor) else [*operands]
    )
    left, _, result = equation.replace(" ", "").partition("->")
    terms = [_letters(term, tensor.ndim) for term, tensor in zip(left.split(","), tensors, strict=True)]
    # Without an arrow, the result has every index that occurs once, and those that an ellipsis stands for.
    once = Counter(letter for term in terms for letter in term)
    implied = [letter for letter, times in once.items() if times == 1 or letter.isdigit()]
    kept = _letters(result, None) if "->" in equation else implied
    sizes: dict[str, int] = {}
    for term, tensor in zip(terms, tensors, strict=True):
        for letter, size in zip(term, tensor.shape, strict=True):
            sizes[letter] = max(size, sizes.get(letter, 1))
    macs, held = 0, set(terms[0])
    for place, term in enumerate(terms[1:], start=2):
        later = {letter for other in terms[place:] for letter in other} | set(kept)
        common = held & set(term)
        summed = common - later
        if summed:
            needed = {letter for letter in held | set(term) if letter in later or letter in common}
            macs += math.prod(sizes[letter] for letter in needed)
        held = (held | set(term)) & later
    return macs


def attention(query: Tensor, key: Tensor, value: Tensor, *_: Any, **__: Any) -> int:
    """MACs of scaled dot-product attention: every query by every key, and every weight by every value."""
    return query.numel() * key.shape[-2] + math.prod(query.shape[:-1]) * key.shape[-2] * value.shape[-1]


def multi_head_attention(query: Tensor, key: Tensor, value: Tensor, width: int, heads: int, *_: Any, **__: Any) -> int:
    """MACs of ``F.multi_head_attention_forward``, (length, batch, width): projections in, attention, projection out."""
    batch = query.shape[1] if query.ndim == 3 else 1
    projections = query.numel() * width + key.numel() * width + value.numel() * width + query.numel() * width
    return projections + 2 * batch * query.shape[0] * key.shape[0] * width


def recurrent(gates: int) -> Formula:
    """Make the formula of a recurrent net: each step, layer and direction multiplies gates by input and state."""

    def macs(sequence: Tensor, state: Any, parameters: Iterable[Tensor], *_: Any, **__: Any) -> int:
        steps = math.prod(sequence.shape[:-1])
        # Matrices are (gates * hidden, inputs) and (gates * hidden, hidden); the others are biases.
        matrices = [parameter for parameter in parameters if parameter.ndim == 2]
        hidden = matrices[0].shape[0] // gates
        return steps * sum(gates * hidden * matrix.shape[1] for matrix in matrices)

    return macs


# Formulas by the name of the function or method that is called.
FORMULAS: dict[str, Formula] = {
    **dict.fromkeys(("conv1d", "conv2d", "conv3d"), convolution),
    **dict.fromkeys(("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"), transposed_convolution),
    "linear": linear,
    **dict.fromkeys(("matmul", "__matmul__", "mm", "bmm", "mv", "dot", "vdot", "inner"), matrix_product),
    "__rmatmul__": reversed_product,
    **dict.fromkeys(("addmm", "baddbmm", "addmv"), added_product),
    "einsum": einstein,
    "scaled_dot_product_attention": attention,
    "multi_head_attention_forward": multi_head_attention,
    "lstm": recurrent(4),
    "gru": recurrent(3),
    **dict.fromkeys(("rnn_tanh", "rnn_relu"), recurrent(1)),
}


class Calls(TorchFunctionMode):
    """Sum the MACs of called functions, by name. Functions that a counted function calls are not seen."""

    def __init__(self) -> None:
        super().__init__()
        self.macs: Counter[str] = Counter()

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        name = getattr(func, "__name__", "")
        if name in FORMULAS:
            renamed = {_ARGUMENTS.get(key, key): value for key, value in (kwargs or {}).items()}
            self.macs[name] += FORMULAS[name](*args, **renamed)
        return func(*args, **(kwargs or {}))


# Names of arguments in torch, with their names in the formulas.
_ARGUMENTS = {"embed_dim_to_check": "width", "num_heads": "heads", "mat2": "other"}


def count(model: nn.Module, shape: tuple[int, ...]) -> Counter[str]:
    """Count the MACs of one forward pass on an input of this shape, by the name of the called function."""
    calls = Calls()
    with torch.no_grad(), torch.device("meta"):
        image = torch.empty(shape)
        with calls:
            model.eval()(image)
    return calls.macs


def create(name: str) -> nn.Module:
    """Create a model as timm makes it, on the meta device: without memory."""
    with warnings.catch_warnings(), torch.device("meta"):
        warnings.simplefilter("ignore")
        model: nn.Module = timm.create_model(name)
    return model


class Published(NamedTuple):
    """The dataset's MACs of a model, and the input size that they hold at: channels, height and width."""

    name: str
    input_size: tuple[int, ...] | None
    macs: int | None


def published(folder: Path) -> list[Published]:
    """Read the counts of a dataset, without the code that made them.

    Raises:
        OSError: the file cannot be read.
        ValueError: the file does not have the expected form.
    """
    found = []
    for line in (folder / "records.jsonl").read_bytes().splitlines():
        record = json.loads(line)
        try:
            entry, compute = record["entry"], record["inspection"]["compute"]
            found.append(Published(entry["name"], entry["input_size"], compute and compute["macs"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"a record without {error}") from error
    return found


def compared(models: Iterable[Published]) -> Iterator[Outcome]:
    """Count each model again."""
    for name, size, macs in models:
        try:
            if size is None:
                raise ValueError("timm gives no input size")
            counted = count(create(name), (1, *size)).total()
        except Exception as error:  # any error is an outcome, so that the other models are compared too
            yield Outcome(name, macs, None, f"{type(error).__name__}: {error}".splitlines()[0])
        else:
            yield Outcome(name, macs, counted)


def reason(name: str) -> str | None:
    """The known reason for a model's difference, if there is one."""
    return next((text for pattern, text in REASONS.items() if fnmatchcase(name, pattern)), None)


def report(outcomes: list[Outcome]) -> tuple[str, bool]:
    """Write the text to print, with a line for each difference, and say whether all of them are explained."""
    different = [outcome for outcome in outcomes if outcome.differs]
    unexplained = [outcome for outcome in different if reason(outcome.name) is None]
    equal = sum(outcome.published == outcome.counted for outcome in outcomes)
    lines = [_line(outcome) for outcome in different]
    seen = {outcome.name for outcome in different}
    unused = [pattern for pattern in REASONS if not any(fnmatchcase(name, pattern) for name in seen)]
    lines += [f"no longer needed, or not in this dataset: the reason for {pattern}" for pattern in unused]
    lines.append(
        f"{len(outcomes):,} models: {equal:,} equal to the last MAC, {len(outcomes) - len(different):,} within "
        f"{TOLERANCE:.0%}, {len(different):,} differ, {len(unexplained):,} of them without a known reason."
    )
    return "\n".join(lines), not unexplained


def _line(outcome: Outcome) -> str:
    published, counted = (
        "no count" if macs is None else f"{macs:,} MACs" for macs in (outcome.published, outcome.counted)
    )
    ratio = f", ratio {outcome.counted / outcome.published:.4f}" if outcome.counted and outcome.published else ""
    why = reason(outcome.name) or outcome.error or "NO KNOWN REASON"
    return f"{outcome.name}: published {published}, counted {counted}{ratio}: {why}"


def _each(value: Any, dimensions: int) -> tuple[int, ...]:
    values = (value,) if isinstance(value, int) else tuple(value)
    return values * dimensions if len(values) == 1 else values


def _letters(term: str, dimensions: int | None) -> list[str]:
    """List the indices of a term. Those that an ellipsis stands for are numbers, counted from the last."""
    before, dots, after = term.partition("...")
    if not dots:
        return [*term]
    hidden = 9 if dimensions is None else dimensions - len(before) - len(after)
    return [*before, *(str(place) for place in reversed(range(hidden))), *after]


def main() -> int:
    """Compare, print, and return 1 where a difference has no known reason, 2 where the dataset cannot be used."""
    parser = argparse.ArgumentParser(
        prog="scripts/crosscheck",
        description="Count the MACs of every model of the dataset by a second method, and name the models where the "
        "two differ by more than 1 %, with the reason. Takes some minutes.",
    )
    parser.add_argument("patterns", nargs="*", metavar="PATTERN", help="only models like 'resnet*' (default: all)")
    parser.add_argument("--dataset", type=Path, default=Path("dataset"), metavar="FOLDER", help="default: dataset/")
    options = parser.parse_args()
    try:
        models = published(options.dataset)
    except (OSError, ValueError) as error:
        reason_why = str(error).splitlines()[0]
        print(f"crosscheck: the dataset {options.dataset} cannot be read: {reason_why}", file=sys.stderr)
        return 2
    patterns = options.patterns or ["*"]
    chosen = [model for model in models if any(fnmatchcase(model.name, pattern) for pattern in patterns)]
    text, is_explained = report(list(compared(chosen)))
    print(text)
    return 0 if is_explained else 1


if __name__ == "__main__":
    sys.exit(main())
