"""The facts measured on one model: parameter tensors, modules, feature pyramid, forward pass, deploy form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from generator.facts.batches import Line
from generator.facts.shapes import ELEMENT_BYTES, Shape, count, squeeze


class ParameterTensor(NamedTuple):
    """One entry of ``named_parameters()``. A named tuple because a dataset has half a million of them."""

    name: str
    shape: Shape
    dtype: str
    trainable: bool

    @property
    def squeezed_shape(self) -> Shape:
        return squeeze(self.shape)

    @property
    def parameters(self) -> int:
        return count(self.shape)

    @property
    def bytes(self) -> int:
        return self.parameters * ELEMENT_BYTES[self.dtype]


class Module(NamedTuple):
    """One module with parameters, its own or those of modules inside it: its dotted path ("" is the root) and class.

    ``macs`` are its own MACs: those counted while no listed module inside it was running. The own MACs of all modules
    add up to the model's. ``None`` if the forward pass was not measured.
    """

    path: str
    type: str
    macs: int | None = None


class Level(NamedTuple):
    """One level of a feature pyramid: a feature map that ``features_only=True`` returns, at batch 1.

    ``module`` is the path of the module that the map comes from, as timm names it. It is ``None`` if timm names none,
    or one that the model does not have, or one with another output. ``layout`` is NCHW or NHWC. ``stride`` is in pixels
    of the input, ``height`` and ``width`` are in elements of the map. The claimed figures are those of timm's
    ``feature_info``; ``None`` where it makes no claim.
    """

    module: str | None
    layout: str
    channels: int
    stride: int
    height: int
    width: int
    claimed_channels: int | None
    claimed_reduction: int | None

    @property
    def is_as_claimed(self) -> bool:
        claimed = (self.claimed_channels, self.claimed_reduction)
        return self.module is not None and claimed == (self.channels, self.stride)


@dataclass(frozen=True, slots=True)
class Pyramid:
    """The feature pyramid of a model: its levels, in the order in which timm returns them.

    ``works``: whether ``features_only=True`` returns a feature pyramid; ``None`` if that is not known. If it is not
    true, there are no levels, and ``reason`` says why in one line.
    """

    levels: tuple[Level, ...] = ()
    works: bool | None = None
    reason: str | None = None

    @property
    def channels(self) -> Shape | None:
        return tuple(level.channels for level in self.levels) if self.works else None

    @property
    def strides(self) -> Shape | None:
        return tuple(level.stride for level in self.levels) if self.works else None


@dataclass(frozen=True, slots=True)
class Memory:
    """The bytes that a pass takes on a GPU, by batch.

    ``resident`` is what parameters and buffers take, in blocks of the allocator. Beside them, the peak is the greatest
    of the lines: ``single`` at batch 1, ``several`` from batch 2 on, when models make copies that they do not make of
    a single image. There are none where such a pass raises an error. After a backward pass, ``left_single`` and
    ``left`` live while the optimiser works: gradients above all. They are ``None`` for inference.
    """

    resident: int
    single: tuple[Line, ...]
    several: tuple[Line, ...]
    left_single: Line | None = None
    left: Line | None = None

    def lines(self, batch: int, temporaries: int = 0) -> tuple[Line, ...]:
        """The lines at this batch, if the optimiser takes ``temporaries`` bytes while it works."""
        lines, left = (self.single, self.left_single) if batch == 1 else (self.several, self.left)
        if left is None:
            return lines
        return *lines, left._replace(constant=left.constant + temporaries)


@dataclass(frozen=True, slots=True)
class Passes:
    """The memory of each kind of pass; ``None`` where it is not known.

    ``bf16_error`` is the error that inference in bf16 raises, in one line; ``None`` if it raises none.
    """

    inference: Memory | None = None
    inference_bf16: Memory | None = None
    training: Memory | None = None
    training_mixed: Memory | None = None
    bf16_error: str | None = None


@dataclass(frozen=True, slots=True)
class Products:
    """MACs and activations of a part of a forward pass, for one image."""

    macs: int = 0
    activations: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms by which fvcore, which timm's tables count by, differs from our counts of a forward pass at batch 1.

    The first three are operations that it adds to MACs: for normalisations, adaptive average pooling, interpolation.
    The others are products in our counts: those that it does not know, of fused attention, recurrent layers, and
    convolutions with ``padding="same"``; and as ``shared_values`` those of fused attention with values that the
    attention just before has multiplied already, since differential attention that is not fused multiplies them once.
    """

    normalisation: int = 0
    pooling: int = 0
    interpolation: int = 0
    attention: Products = Products()
    shared_values: Products = Products()
    recurrence: Products = Products()
    same_padding: Products = Products()


@dataclass(frozen=True, slots=True)
class Compute:
    """The cost of one forward pass, in evaluation mode, at batch 1 and an input of (channels, height, width).

    ``activations`` counts the elements of the outputs of convolutions and matrix products. ``unlisted_operators`` are
    operators whose cost is not known: if there are any, ``macs`` and ``activations`` may be too low.

    No figure in bytes includes parameters, buffers or the workspaces of operators. ``peak_activation_bytes`` is the
    peak activation memory without gradients, the input included. ``saved_activation_bytes`` is the size of the tensors
    that autograd keeps for the backward pass of a training step, ``saved_activation_bytes_mixed`` the same under CUDA's
    autocast to bf16. Autograd then also keeps ``cast_parameter_bytes``: copies of parameters in bf16, the same at any
    batch. These are ``None`` if a step of training could not be run.

    ``training_error`` is the error that training on a single image of this size raises, in one line; ``None`` if it
    raises none. Where ``passes`` has no training either, training raises it at any batch.
    """

    input_size: Shape
    macs: int
    activations: int
    unlisted_operators: tuple[str, ...]
    peak_activation_bytes: int
    saved_activation_bytes: int | None
    saved_activation_bytes_mixed: int | None
    cast_parameter_bytes: int | None
    training_error: str | None = None
    passes: Passes = Passes()
    terms: Terms = Terms()


class AtSize(NamedTuple):
    """The cost of one forward pass as in `Compute`, at an input of this height and width in pixels.

    ``parameters`` are those of the model as it ran: where it does not run as created by default, of that made for this
    size. A model that runs in no way has no figures, and the ``reason`` in one line.
    """

    height: int
    width: int
    macs: int | None = None
    activations: int | None = None
    parameters: int | None = None
    peak_activation_bytes: int | None = None
    reason: str | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.height, self.width


@dataclass(frozen=True, slots=True)
class Deploy:
    """The deploy form: the model after ``timm.utils.reparameterize_model``.

    ``macs``, ``activations`` and ``terms`` are at the input size of the model's own `Compute`; ``None`` if it has no
    `Compute`.
    """

    parameters: int
    parameter_bytes: int
    parameter_tensors: int
    macs: int | None
    activations: int | None
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class Inspection:
    """All measured facts about one model.

    ``buffers`` counts elements, shared buffers once; ``persistent_buffer_bytes`` is the size of the buffers in a
    checkpoint. ``checkpoint_elements`` counts those of all tensors in ``state_dict()``, under each of their names.
    ``head_parameters`` is ``None`` if the model does not name its classifier. The signatures are SHA-256 digests of
    names and shapes: ``signature`` of the parameter tensors in their order, ``checkpoint_signature`` of all entries of
    a checkpoint, sorted by name. ``compute`` is ``None`` if the forward pass failed or the input size is not known,
    ``deploy`` if there is no deploy form or it could not be measured. ``sizes`` has the cost at other input sizes than
    the default, each once.
    """

    tensors: tuple[ParameterTensor, ...]
    modules: tuple[Module, ...]
    buffers: int
    buffer_bytes: int
    head_parameters: int | None
    signature: str
    checkpoint_signature: str
    persistent_buffer_bytes: int
    checkpoint_elements: int
    compute: Compute | None = None
    deploy: Deploy | None = None
    pyramid: Pyramid = Pyramid()
    sizes: tuple[AtSize, ...] = ()


class Stage(StrEnum):
    """The stages of an inspection, in their order. A model that fails only at a later stage still has a record."""

    # Before the inspection: what timm's registry says of the model.
    REGISTRY = "registry"
    CREATE = "create"
    MEASURE = "measure"
    PYRAMID = "pyramid"
    FORWARD = "forward"
    SIZES = "sizes"
    DEPLOY = "deploy"
    # Everything was measured, but the model left its process in another state, which is then used no more.
    STATE = "state"
    # The worker gave no answer: it hung, died or could not send one.
    INSPECT = "inspect"

    @property
    def leaves_a_record(self) -> bool:
        """Whether the stages before this one have measured enough for a record."""
        return self in (Stage.PYRAMID, Stage.FORWARD, Stage.SIZES, Stage.DEPLOY, Stage.STATE)

    @property
    def meaning(self) -> str:
        """The event that a failure at this stage stands for, as a sentence without full stop, in Markdown."""
        return _MEANINGS[self]


_MEANINGS = {
    Stage.REGISTRY: "timm's description of the model could not be read, or its name cannot be that of a page",
    Stage.CREATE: "`timm.create_model` raised an error",
    Stage.MEASURE: "The model was made, but reading its parameters, buffers or head raised an error, "
    "or gave what files cannot hold",
    Stage.PYRAMID: "The model was measured, but looking at its feature pyramid ended in an error",
    Stage.FORWARD: "The forward pass at the default input size raised an error",
    Stage.SIZES: "Running the model at other input sizes took its process down, or gave what files cannot hold",
    Stage.DEPLOY: "Turning the model into its deploy form raised an error",
    Stage.STATE: "The model changed what other models are measured under, such as torch's default dtype",
    Stage.INSPECT: "The process that worked on the model gave no answer in time, or it died",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """A stage that failed for a model, with the reason in one line."""

    name: str
    stage: Stage
    reason: str


@dataclass(frozen=True, slots=True)
class Partial:
    """An inspection without the figures of the later stages that failed, and these failures."""

    inspection: Inspection
    failures: tuple[Failure, ...]


# The outcome of inspecting one model.
Outcome = Inspection | Partial | Failure
