"""Tiny nets, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import timm
import torch
from timm.models.byobnet import RepVggBlock
from timm.utils.model import reparameterize_model
from torch import nn

from generator.facts.inspections import Deploy, Failure, Inspection, Module, ParameterTensor, Pyramid, Stage, Terms
from generator.facts.registry import CatalogEntry
from generator.measuring.inspection import (
    SkipInitializers,
    attempt,
    checkpoint_signature,
    create,
    deployed,
    dtype_name,
    head_parameters,
    measure,
    with_compute,
)
from generator.measuring.signatures import signature_of


def total(inspection: Inspection) -> int:
    """The parameters of an inspected model."""
    return sum(tensor.parameters for tensor in inspection.tensors)


def shapes(inspection: Inspection) -> dict[str, tuple[int, ...]]:
    """The shapes of an inspected model's tensors, by name."""
    return {tensor.name: tensor.shape for tensor in inspection.tensors}


class Net(nn.Module):
    """A net of named parts: modules and parameters in the order given."""

    def __init__(self, **parts: nn.Module | nn.Parameter) -> None:
        super().__init__()
        for name, part in parts.items():
            setattr(self, name, part)


class Classifying(Net):
    """A net that tells its classifier as timm's do: by a method, by its configuration, and by its number of classes."""

    def __init__(
        self, *answer: str, named: object = None, num_classes: int | None = None, **parts: nn.Module | nn.Parameter
    ) -> None:
        super().__init__(**parts)
        self.answer = answer
        if named is not None:
            self.pretrained_cfg = {"classifier": named}
        if num_classes is not None:
            self.num_classes = num_classes

    def get_classifier(self) -> Any:
        """One module, several in a tuple, or none, as the models of timm answer."""
        found = tuple(getattr(self, name) for name in self.answer)
        return found[0] if len(found) == 1 else found or None


@pytest.mark.parametrize(
    ("layer", "parameters"),
    [
        pytest.param(nn.Conv2d(3, 8, 3), 3 * 8 * 3 * 3 + 8, id="conv"),
        pytest.param(nn.Conv2d(3, 8, 3, bias=False), 3 * 8 * 3 * 3, id="conv without bias"),
        pytest.param(nn.Conv2d(4, 8, 3, groups=2), (4 // 2) * 8 * 3 * 3 + 8, id="grouped conv"),
        pytest.param(nn.Conv2d(8, 8, 3, groups=8), 1 * 8 * 3 * 3 + 8, id="depthwise conv"),
        pytest.param(nn.Conv1d(3, 8, (5,)), 3 * 8 * 5 + 8, id="conv of one dimension"),
        pytest.param(nn.Conv3d(3, 8, (2, 3, 3)), 3 * 8 * 2 * 3 * 3 + 8, id="conv of three dimensions"),
        pytest.param(nn.ConvTranspose2d(3, 8, 2), 3 * 8 * 2 * 2 + 8, id="transposed conv"),
        pytest.param(nn.Linear(10, 4), 10 * 4 + 4, id="linear"),
        pytest.param(nn.LayerNorm(6), 6 + 6, id="norm"),
        pytest.param(nn.ReLU(), 0, id="nothing to learn"),
    ],
)
def test_a_layer_is_counted(layer: nn.Module, parameters: int) -> None:
    """The parameters of a layer are those that its textbook formula gives."""
    assert total(measure(nn.Sequential(layer))) == parameters


def test_tensors_have_name_shape_dtype_and_order() -> None:
    """Each entry of ``named_parameters()`` is one tensor, with its plain facts, in its order."""
    inspected = measure(nn.Sequential(nn.Conv2d(8, 8, 3, groups=8), nn.Linear(4, 2, bias=False)))
    assert inspected.tensors == (
        ParameterTensor("0.weight", (8, 1, 3, 3), "float32", True),
        ParameterTensor("0.bias", (8,), "float32", True),
        ParameterTensor("1.weight", (2, 4), "float32", True),
    )


def test_tied_tensors_are_counted_once() -> None:
    """A tensor that two modules share is counted once, under its first name."""
    embedding, decoder = nn.Embedding(100, 8), nn.Linear(8, 100)
    decoder.weight = embedding.weight
    inspected = measure(Net(embedding=embedding, decoder=decoder))
    assert shapes(inspected) == {"embedding.weight": (100, 8), "decoder.bias": (100,)}
    assert total(inspected) == 100 * 8 + 100


def test_shared_modules_are_counted_once() -> None:
    """A module that stands in two places is counted in the first."""
    shared = nn.Linear(4, 4)
    inspected = measure(Net(first=shared, second=shared))
    assert shapes(inspected) == {"first.weight": (4, 4), "first.bias": (4,)}
    assert inspected.modules == (Module("", "Net"), Module("first", "Linear"))


def test_frozen_tensors_are_told_apart() -> None:
    """A tensor that does not require a gradient is not trainable, and is still a parameter."""
    net = Net(stem=nn.Linear(3, 2), head=nn.Linear(2, 1))
    net.stem.requires_grad_(False)
    inspected = measure(net)
    assert [tensor.trainable for tensor in inspected.tensors] == [False, False, True, True]
    assert total(inspected) == (3 * 2 + 2) + (2 * 1 + 1)


def test_mixed_dtypes_have_their_own_bytes() -> None:
    """Half-precision tensors take 2 bytes an element beside the 4 of the others."""
    inspected = measure(Net(half=nn.Linear(8, 8).half(), whole=nn.Linear(8, 1)))
    assert [tensor.dtype for tensor in inspected.tensors] == ["float16", "float16", "float32", "float32"]
    assert sum(tensor.bytes for tensor in inspected.tensors) == (8 * 8 + 8) * 2 + (8 * 1 + 1) * 4


def test_an_unknown_dtype_is_an_error() -> None:
    """A dtype whose size nobody told us is refused rather than guessed."""
    with pytest.raises(ValueError, match="float8_e4m3fnuz"):
        dtype_name(torch.float8_e4m3fnuz)
    assert dtype_name(torch.bfloat16) == "bfloat16"


@pytest.mark.parametrize("shape", [(), (1,), (1, 1, 1)])
def test_scalars_are_one_parameter(shape: tuple[int, ...]) -> None:
    """A tensor that squeezes to rank 0 holds one parameter, and keeps the shape it has."""
    inspected = measure(Net(scale=nn.Parameter(torch.zeros(shape))))
    assert shapes(inspected) == {"scale": shape}
    assert (total(inspected), inspected.tensors[0].squeezed_shape) == (1, ())


def test_a_net_without_parameters_has_none() -> None:
    """A net without parameters is inspected like any other; its root is its only module."""
    assert measure(Net(act=nn.ReLU(), pool=nn.Flatten())) == Inspection(
        (), (Module("", "Net"),), 0, 0, None, signature_of(()), signature_of(()), 0, 0
    )


def test_direct_parameters_stand_beside_modules() -> None:
    """Parameters of the root, like a class token, come under their own name before those of its modules."""
    inspected = measure(
        Net(proj=nn.Linear(3, 4), cls_token=nn.Parameter(torch.zeros(1, 1, 4)), pos=nn.Parameter(torch.zeros(1, 5, 4)))
    )
    assert shapes(inspected) == {"cls_token": (1, 1, 4), "pos": (1, 5, 4), "proj.weight": (4, 3), "proj.bias": (4,)}
    assert total(inspected) == 4 + 5 * 4 + 3 * 4 + 4


def test_modules_are_those_that_hold_parameters() -> None:
    """Modules are listed in order where they hold parameters, themselves or below, and left out where they do not."""
    net = Net(act=nn.ReLU(), blocks=nn.Sequential(nn.Sequential(nn.Linear(2, 2), nn.ReLU()), nn.ReLU()))
    assert measure(net).modules == (
        Module("", "Net"),
        Module("blocks", "Sequential"),
        Module("blocks.0", "Sequential"),
        Module("blocks.0.0", "Linear"),
    )


def test_buffers_are_counted_apart() -> None:
    """A batch normalisation has mean, variance and a count of batches; buffers that do not persist count as well."""
    net = Net(bn=nn.BatchNorm2d(8))
    net.register_buffer("index", torch.zeros(6, dtype=torch.int16), persistent=False)
    inspected = measure(net)
    assert total(inspected) == 8 + 8
    assert inspected.buffers == 8 + 8 + 1 + 6
    assert inspected.buffer_bytes == 8 * 4 + 8 * 4 + 1 * 8 + 6 * 2


def test_a_shared_buffer_is_counted_once() -> None:
    """Two modules that share a buffer have it once."""
    one, two = nn.Identity(), nn.Identity()
    shared = torch.zeros(5)
    one.register_buffer("table", shared)
    two.register_buffer("table", shared)
    inspected = measure(Net(one=one, two=two))
    assert (inspected.buffers, inspected.buffer_bytes) == (5, 5 * 4)


def test_the_head_is_what_get_classifier_gives() -> None:
    """A model that answers with a module has that module's parameters for its head."""
    assert head_parameters(Classifying("fc", body=nn.Linear(3, 4), fc=nn.Linear(4, 10))) == 4 * 10 + 10


def test_several_classifiers_are_one_head() -> None:
    """A model that answers with a tuple, as distilled ones do, has all of them for its head."""
    net = Classifying("head", "head_dist", head=nn.Linear(4, 10), head_dist=nn.Linear(4, 10, bias=False))
    assert head_parameters(net) == (4 * 10 + 10) + 4 * 10


def test_the_head_is_the_union_of_both_answers() -> None:
    """What the method leaves out and the configuration names is counted, and what both name is counted once."""
    net = Classifying("head", named=("head", "aux_head"), head=nn.Linear(4, 10), aux_head=nn.Linear(4, 3))
    assert head_parameters(net) == (4 * 10 + 10) + (4 * 3 + 3)
    wider = Classifying("head", named="head.l", head=nn.Sequential(nn.LayerNorm(4), nn.Linear(4, 10)))
    assert head_parameters(wider) == (4 + 4) + (4 * 10 + 10)


def test_a_name_is_a_whole_name() -> None:
    """A classifier called "head" does not take "head_norm" with it."""
    net = Net(head_norm=nn.LayerNorm(4), head=nn.Linear(4, 10))
    net.pretrained_cfg = {"classifier": "head"}  # type: ignore[assignment]
    assert head_parameters(net) == 4 * 10 + 10


def test_a_tied_head_is_counted_once() -> None:
    """A tensor that two classifiers share belongs to the head once."""
    one, two = nn.Linear(4, 10), nn.Linear(4, 10)
    two.weight = one.weight
    assert head_parameters(Classifying("one", "two", one=one, two=two)) == 4 * 10 + 10 + 10


def test_a_silent_model_has_an_unknown_head() -> None:
    """Where a model tells its classifier in neither place, the head is unknown, not 0."""
    assert head_parameters(Net(fc=nn.Linear(4, 10))) is None


def test_a_model_without_classes_has_no_head() -> None:
    """A model that says it has no classes has a head of 0 parameters, however it says so."""
    silent = Net(body=nn.Linear(4, 4))
    silent.num_classes = 0  # type: ignore[assignment]
    assert head_parameters(silent) == 0
    assert head_parameters(Classifying("fc", num_classes=0, body=nn.Linear(4, 4), fc=nn.Identity())) == 0
    assert head_parameters(Classifying(num_classes=0, body=nn.Linear(4, 4))) == 0


@pytest.mark.parametrize("name", ["test_vit", "test_resnet", "test_efficientnet", "test_byobnet"])
def test_a_real_head_is_what_num_classes_0_takes_away(name: str) -> None:
    """For real models the head is the difference that ``num_classes=0`` makes."""
    inspected = measure(create(name))
    bare = timm.create_model(name, num_classes=0)
    assert inspected.head_parameters == total(inspected) - sum(p.numel() for p in bare.parameters())


@pytest.mark.parametrize("name", ["test_vit", "test_convnext", "test_nfnet", "test_mambaout"])
def test_a_model_on_meta_is_the_model(name: str) -> None:
    """Made without memory and initialisers, a model has the tensors, modules and buffers of the real one."""
    assert measure(create(name)) == measure(timm.create_model(name))


def test_a_model_is_made_without_memory() -> None:
    """No parameter of a created model has storage."""
    assert all(parameter.is_meta for parameter in create("test_vit").parameters())


def test_initialisers_are_skipped() -> None:
    """Under the mode, initialisers and in-place setters leave the values alone and give the tensor back."""
    values = torch.zeros(4)
    with SkipInitializers():
        assert nn.init.ones_(values) is values
        assert nn.init.constant_(tensor=values, val=3.0) is values
        assert values.fill_(2.0) is values
        assert values.add(1.0).tolist() == [1.0] * 4
    assert values.tolist() == [0.0] * 4


def test_an_attempt_returns_the_inspection() -> None:
    """A model that can be made is measured."""
    inspected = attempt(CatalogEntry("test_vit", "vision_transformer", (), (3, 160, 160)))
    assert isinstance(inspected, Inspection)
    model = create("test_vit")
    assert replace(inspected, pyramid=Pyramid()) == with_compute(measure(model), model, (3, 160, 160))
    assert inspected.pyramid.works


def test_an_attempt_that_fails_is_a_result() -> None:
    """A model that cannot be made becomes a failure with name, stage and a reason of one line."""
    failed = attempt(CatalogEntry("no_such_model", "none", (), None))
    assert failed == Failure("no_such_model", Stage.CREATE, "RuntimeError: Unknown model (no_such_model)")


def test_a_checkpoint_has_the_persistent_buffers() -> None:
    """Bytes of buffers in a checkpoint are those of ``state_dict()``, a shared buffer counted once."""
    net, shared = Net(norm=nn.BatchNorm1d(8)), torch.zeros(3)
    net.register_buffer("here", shared)
    net.register_buffer("there", shared)
    net.register_buffer("passing", torch.zeros(100), persistent=False)
    inspected = measure(net)
    assert inspected.persistent_buffer_bytes == 8 * 4 + 8 * 4 + 8 + 3 * 4
    assert inspected.buffer_bytes == inspected.persistent_buffer_bytes + 400


def test_a_checkpoint_holds_tied_tensors_under_each_name() -> None:
    """Elements of a checkpoint are those of ``state_dict()``: tied tensors each time, persistent buffers, no others."""
    net, shared = Net(one=nn.Linear(4, 3, bias=False), norm=nn.BatchNorm1d(8)), torch.zeros(3)
    net.two = net.one
    net.register_buffer("here", shared)
    net.register_buffer("there", shared)
    net.register_buffer("passing", torch.zeros(100), persistent=False)
    assert measure(net).checkpoint_elements == 2 * (4 * 3) + (8 + 8) + (8 + 8 + 1) + 2 * 3
    assert total(measure(net)) == 4 * 3 + 8 + 8


def test_state_that_is_no_tensor_has_no_elements() -> None:
    """What else a module puts into its state is not counted."""

    class Noted(nn.Linear):
        def get_extra_state(self) -> object:
            return {"note": 1}

    assert measure(Net(noted=Noted(2, 2))).checkpoint_elements == 2 * 2 + 2


def test_own_macs_add_up_to_the_model_s() -> None:
    """Each module has its own MACs, and all of them are the model's."""
    net = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.Flatten(), nn.Linear(32, 5)).to("meta")
    inspected = with_compute(measure(net), net, (3, 2, 2))
    assert inspected.compute is not None
    assert [module.macs for module in inspected.modules] == [0, 4 * 8 * 27, 160]
    assert (inspected.compute.macs, inspected.compute.activations) == (4 * 8 * 27 + 160, 32 + 5)
    assert inspected.compute.unlisted_operators == ()


def test_a_block_of_branches_becomes_one_convolution() -> None:
    """In deploy form three branches with their normalisations are one convolution with a bias."""
    net = nn.Sequential(RepVggBlock(8, 8)).to("meta")
    inspected = with_compute(measure(net), net, (8, 4, 4))
    assert total(inspected) == (8 * 8 * 9 + 16) + (8 * 8 + 16) + 16
    assert inspected.compute is not None
    assert inspected.compute.macs == 16 * 8 * 8 * 10
    assert inspected.compute.terms == Terms(normalisation=3 * 2 * 16 * 8)
    one = 8 * 8 * 9 + 8
    assert deployed(net, inspected) == Deploy(one, one * 4, 2, 16 * 8 * 8 * 9, 16 * 8, Terms())


def test_a_model_without_branches_has_no_deploy_form() -> None:
    """A model that reparameterizing leaves as it is has no deploy form."""
    for net in (nn.Sequential(nn.Linear(2, 2)), create("test_vit"), create("ghostnet_100")):
        assert deployed(net, measure(net)) is None


def test_a_real_deploy_form_is_much_smaller() -> None:
    """mobileone_s0 has 5,293,272 parameters when trained, and in deploy form those of timm's own function."""
    inspected = attempt(CatalogEntry("mobileone_s0", "byobnet", (), (3, 224, 224)))
    assert isinstance(inspected, Inspection)
    assert total(inspected) == 5_293_272
    real = reparameterize_model(timm.create_model("mobileone_s0").eval())
    assert inspected.deploy is not None
    assert inspected.deploy.parameters == sum(p.numel() for p in real.parameters()) == 2_078_504
    assert inspected.compute is not None
    assert inspected.deploy.macs is not None
    assert inspected.deploy.macs < inspected.compute.macs


@pytest.mark.parametrize("name", ["efficientvit_m0", "efficientvim_m1", "shvit_s1", "fastvit_t8", "repvit_m1"])
def test_deploy_forms_are_measured(name: str) -> None:
    """Fusing parts that refuse training mode, or replace the classifier, works on the meta device."""
    inspected = attempt(CatalogEntry(name, "family", (), (3, 224, 224)))
    assert isinstance(inspected, Inspection)
    assert inspected.deploy is not None
    assert inspected.deploy.parameters < total(inspected)


def test_a_signature_is_that_of_the_parameters() -> None:
    """The signature has the parameters' names and shapes in their order; dtypes, gradients and buffers do not count."""
    net = Net(b=nn.Linear(2, 3, bias=False), a=nn.BatchNorm1d(2))
    expected = signature_of([("b.weight", (3, 2)), ("a.weight", (2,)), ("a.bias", (2,))])
    assert measure(net).signature == expected
    assert measure(net.half().requires_grad_(False)).signature == expected


def test_a_checkpoint_is_parameters_and_persistent_buffers() -> None:
    """The signature has tied tensors under each name and persistent buffers, by name; other buffers are not saved."""
    net = Net(b=nn.Linear(2, 3, bias=False), a=nn.BatchNorm1d(2))
    net.c = net.b
    net.register_buffer("mask", torch.zeros(4), persistent=False)
    assert checkpoint_signature(net.state_dict()) == signature_of(
        [
            ("a.bias", (2,)),
            ("a.num_batches_tracked", ()),
            ("a.running_mean", (2,)),
            ("a.running_var", (2,)),
            ("a.weight", (2,)),
            ("b.weight", (3, 2)),
            ("c.weight", (3, 2)),
        ]
    )


@pytest.mark.parametrize(
    ("one", "other"), [("test_efficientnet_gn", "test_efficientnet_ln"), ("efficientnet_b0", "tf_efficientnet_b0")]
)
def test_equal_checkpoint_signatures_load_strictly(one: str, other: str) -> None:
    """Two real pairs of models: each takes the other's checkpoint with nothing missing and nothing left over."""
    assert checkpoint_signature(create(one).state_dict()) == checkpoint_signature(create(other).state_dict())
    given, taking = timm.create_model(one), timm.create_model(other)
    for source, target in ((given, taking), (taking, given)):
        target.load_state_dict(source.state_dict(), strict=True)
        assert all(torch.equal(value, target.state_dict()[name]) for name, value in source.state_dict().items())


def test_equal_parameters_are_not_enough_for_a_checkpoint() -> None:
    """Group and batch normalisation have the same parameters, yet batch normalisation saves its statistics as well."""
    one, other = timm.create_model("test_efficientnet"), timm.create_model("test_efficientnet_gn")
    assert measure(one).tensors == measure(other).tensors
    assert checkpoint_signature(one.state_dict()) != checkpoint_signature(other.state_dict())
    with pytest.raises(RuntimeError, match="running_mean"):
        one.load_state_dict(other.state_dict(), strict=True)
