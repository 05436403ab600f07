"""What timm's registry says."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import timm
from timm.models import PretrainedCfg, get_deprecated_models

from generator.facts.licenses import UNKNOWN, license_class
from generator.facts.registry import Catalog, CatalogEntry, Paper, Weights
from generator.measuring.catalog import family_of, first_line, papers_in, read, weights_of
from generator.measuring.reasons import LONGEST


def names(entries: tuple[CatalogEntry, ...]) -> list[str]:
    """The names of entries, in their order."""
    return [entry.name for entry in entries]


def test_the_catalog_is_timm_s_list(catalog: Catalog) -> None:
    """Every name of timm.list_models() has one entry, in timm's order, and there is no other."""
    assert names(catalog.entries) == timm.list_models()


def test_deprecated_names_are_not_models(catalog: Catalog) -> None:
    """An alias is known as such and has no entry of its own."""
    assert catalog.deprecated == get_deprecated_models()
    assert not set(catalog.deprecated) & set(names(catalog.entries))


def test_every_tag_with_weights_is_in_the_catalog(catalog: Catalog) -> None:
    """The tags of all entries together are exactly timm.list_pretrained()."""
    ours = sorted(f"{entry.name}.{tag}" for entry in catalog.entries for tag in entry.tags)
    assert ours == sorted(name if "." in name else f"{name}." for name in timm.list_pretrained())


def test_the_first_tag_is_the_default(catalog: Catalog) -> None:
    """The tag that ``pretrained=True`` takes stands first, for a model of several tags."""
    entry = next(entry for entry in catalog.entries if entry.name == "resnet50")
    assert len(entry.tags) > 1
    default = timm.get_pretrained_cfg("resnet50")
    assert default is not None
    assert entry.tags[0] == default.tag


def test_every_entry_has_its_family(catalog: Catalog) -> None:
    """Each family of an entry is described once, with its module, and each described family has a model."""
    described = [family.name for family in catalog.families]
    assert len(described) == len(set(described))
    assert set(described) == {entry.family for entry in catalog.entries}
    assert all(family.module == f"timm.models.{family.name}" for family in catalog.families)


def test_a_known_model_is_described_as_timm_has_it(catalog: Catalog) -> None:
    """The model of the reference page has its family, its tag and its input size."""
    entry = next(entry for entry in catalog.entries if entry.name == "mobilenetv2_120d")
    assert (entry.name, entry.family, entry.input_size) == ("mobilenetv2_120d", "efficientnet", (3, 224, 224))
    assert entry.weights == (
        Weights(
            tag="ra_in1k",
            is_default=True,
            num_classes=1000,
            input_size=(3, 224, 224),
            test_input_size=None,
            crop_pct=0.875,
            test_crop_pct=None,
            crop_mode="center",
            interpolation="bicubic",
            mean=(0.485, 0.456, 0.406),
            std=(0.229, 0.224, 0.225),
            hf_hub_id="timm/mobilenetv2_120d.ra_in1k",
            url=entry.weights[0].url,
            license="apache-2.0",
        ),
    )
    assert entry.weights[0].url is not None
    assert entry.weights[0].url.startswith("https://github.com/")


def test_every_licence_has_been_read(catalog: Catalog) -> None:
    """Each licence that timm names is classed by hand: a new one fails here until somebody has read it."""
    named = {name for entry in catalog.entries for name in entry.licenses}
    # timm itself has a licence of this name.
    assert {name for name in named if license_class(name) == UNKNOWN} <= {"unknown"}
    assert {"apache-2.0", "cc-by-nc-4.0", "dinov3-license"} <= named


def test_weights_are_those_of_their_tag(catalog: Catalog) -> None:
    """For every tag of timm: classes, sizes, crop, licence and the place of the file are those of its configuration."""
    for entry in catalog.entries:
        for weights in entry.weights:
            config = timm.get_pretrained_cfg(f"{entry.name}.{weights.tag}")
            assert config is not None
            assert (weights.num_classes, weights.input_size) == (config.num_classes, tuple(config.input_size))
            assert (weights.crop_pct, weights.license) == (config.crop_pct, config.license)
            assert weights.mean == tuple(config.mean)
            assert weights.source in (f"https://huggingface.co/{config.hf_hub_id}", config.url)


def test_one_set_of_weights_is_the_default(catalog: Catalog) -> None:
    """At most one set is the default, and it stands first."""
    for entry in catalog.entries:
        assert [weights.is_default for weights in entry.weights[1:]] == [False] * len(entry.weights[1:])


def test_what_timm_does_not_tell_is_unknown() -> None:
    """Empty texts are none, several papers and notes stay apart, and a pair of address and file name is the address."""
    told = PretrainedCfg(
        url=("https://example.org/net.npz", "net.pth"),
        hf_hub_id="",
        license="",
        paper_ids="arXiv:1",
        notes=("one", "two"),  # type: ignore[arg-type]
        test_input_size=(3, 288, 288),
        crop_pct=1,
    )
    made = weights_of("tag", False, told)
    assert (made.url, made.hf_hub_id, made.license) == ("https://example.org/net.npz", None, None)
    assert (made.paper_ids, made.notes) == (("arXiv:1",), ("one", "two"))
    assert (made.test_input_size, made.crop_pct, made.test_crop_pct) == ((3, 288, 288), 1.0, None)
    assert weights_of("tag", False, PretrainedCfg(paper_ids=("arXiv:1", "arXiv:2"))).paper_ids == ("arXiv:1", "arXiv:2")  # type: ignore[arg-type]
    assert weights_of("tag", False, PretrainedCfg(file="/tmp/net.pth")).source == "/tmp/net.pth"


@pytest.fixture
def odd_timm(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Catalog]:
    """A function that reads a timm which has models of these names, each with its module and its configurations."""

    def read_odd(modules: dict[str, Any], tags: dict[str, PretrainedCfg] | None = None) -> Catalog:
        configs = {name: PretrainedCfg() for name in modules} | (tags or {})
        monkeypatch.setattr(timm, "list_models", lambda: [*modules])
        monkeypatch.setattr(timm, "list_pretrained", lambda: [*(tags or {})])
        monkeypatch.setattr(timm, "model_entrypoint", lambda name: SimpleNamespace(__module__=modules[name]))
        monkeypatch.setattr(timm.models, "get_pretrained_cfg", configs.get)
        return read()

    return read_odd


def problems(found: Catalog) -> dict[str, str | None]:
    """The problem of each model, by name."""
    return {entry.name: entry.problem for entry in found.entries}


def test_a_model_that_timm_describes_oddly_is_alone(odd_timm: Callable[..., Catalog]) -> None:
    """A setting that cannot be used is the problem of its model, with the tag and the setting; others are described."""
    tags = {"odd.good": PretrainedCfg(), "odd.bad": PretrainedCfg(crop_pct=None), "good.in1k": PretrainedCfg()}  # type: ignore[arg-type]
    found = odd_timm({"odd": "timm.models.one", "good": "timm.models.one"}, tags)
    assert problems(found) == {
        "odd": "ValueError: weights of the tag bad: crop_pct is not a finite number: None",
        "good": None,
    }
    assert [(entry.family, entry.tags) for entry in found.entries] == [("", ()), ("one", ("in1k",))]


def test_a_name_that_no_page_can_have_is_a_problem(odd_timm: Callable[..., Catalog]) -> None:
    """Such a model is in the catalog under its name, or one that can be stored, and says why it has no page."""
    names = ["README", "a|b", "Net", "net", "x" * 20_000, "half\udc80"]
    found = odd_timm(dict.fromkeys(names, "timm.models.one"))
    assert [len(entry.name) for entry in found.entries] == [6, 3, 3, 3, LONGEST + 4, len(r"half\udc80")]
    assert [entry.problem is None for entry in found.entries] == [False, False, False, True, False, False]
    assert "do not tell it from net" in (found.entries[2].problem or "")


@pytest.mark.parametrize("module", ["timm.models.README", "größe", "a.odd name", "half\udc80.net", "", None, 5])
def test_a_family_that_no_page_can_have_is_a_problem(odd_timm: Callable[..., Catalog], module: Any) -> None:
    """A model of a module whose name no page can have has no page, and the family is not described."""
    found = odd_timm({"odd": module, "good": "timm.models.one"})
    assert [entry.problem is None for entry in found.entries] == [False, True]
    assert [family.name for family in found.families] == ["one"]


def test_modules_of_one_name_are_told_apart(odd_timm: Callable[..., Catalog]) -> None:
    """A model of another module than that which has given a family its name has a problem."""
    found = odd_timm({"one": "timm.models.net", "two": "mine.Net", "three": "timm.models.net"})
    assert problems(found) == {
        "one": None,
        "two": "ValueError: its module is mine.Net, and there is timm.models.net",
        "three": None,
    }


def test_weights_can_be_without_a_tag(odd_timm: Callable[..., Catalog]) -> None:
    """Weights under the model's name alone have an empty tag, and are the default."""
    found = odd_timm({"old": "timm.models.one"}, {"old": PretrainedCfg(url="https://example.org/old.pth")})
    assert problems(found) == {"old": None}
    assert [(weights.tag, weights.is_default) for weights in found.entries[0].weights] == [("", True)]


def test_a_docstring_is_no_certain_thing(odd_timm: Callable[..., Catalog], monkeypatch: pytest.MonkeyPatch) -> None:
    """A module can be gone, or have a docstring that is no text, or one of megabytes with marks of a terminal."""
    monkeypatch.setitem(sys.modules, "tests.odd", SimpleNamespace(__doc__=5))
    vast = f"A \x1b[2J title\n`A \u202e paper` - https://example.org/\udc80\n{'`x` ' * 5_000_000}"
    monkeypatch.setitem(sys.modules, "tests.vast", SimpleNamespace(__doc__=vast))
    found = odd_timm({"one": "tests.odd", "two": "tests.gone", "three": "tests.vast"})
    titles = {family.name: (family.title, family.papers) for family in found.families}
    paper = Paper(r"A \u202e paper", r"https://example.org/\udc80")
    assert titles == {"odd": ("", ()), "gone": ("", ()), "vast": (r"A \x1b[2J title", (paper,))}


def test_a_family_names_its_papers(catalog: Catalog) -> None:
    """The papers of a family come from its module's docstring, title and address."""
    family = next(family for family in catalog.families if family.name == "efficientnet")
    assert any("arxiv.org" in paper.url and paper.title for paper in family.papers)


def test_papers_are_read_from_a_docstring() -> None:
    """Title in backticks, a dash, an address: spaces are joined, closing marks dropped, each address once."""
    docstring = """ Tiny Nets

    Papers:
      `Tiny Nets:
        Small and Few` - https://arxiv.org/abs/1234.5678.
      `The Same Again` - https://arxiv.org/abs/1234.5678
      `More: Tiny Nets`: https://openreview.net/forum?id=abc (ICLR)
    Code: `tiny` - https://github.com/tiny/tiny
    Weights `tiny` - https://huggingface.co/tiny
    """
    assert papers_in(docstring) == (
        Paper("Tiny Nets: Small and Few", "https://arxiv.org/abs/1234.5678"),
        Paper("More: Tiny Nets", "https://openreview.net/forum?id=abc"),
    )
    assert papers_in("") == ()


@pytest.mark.parametrize(
    ("docstring", "line"), [("", ""), ("\n\n", ""), (" Tiny Nets. \n\nMore", "Tiny Nets"), ("\n  A\nB", "A")]
)
def test_the_first_line_with_words_is_the_title(docstring: str, line: str) -> None:
    """The title of a family is the first line of the docstring that has words."""
    assert first_line(docstring) == line


def test_a_family_is_the_last_part_of_its_module() -> None:
    """The family's name is the module's, without the packages."""
    assert family_of("timm.models.efficientnet") == "efficientnet"


@pytest.mark.parametrize(
    ("docstring", "title"),
    [
        ("\n BEiT: BERT Pre-Training (https://arxiv.org/abs/1)\n\nMore.", "BEiT: BERT Pre-Training"),
        ("Poolformer from MetaFormer https://arxiv.org/abs/1", "Poolformer from MetaFormer"),
        ("Ported thanks to [tiny](https://example.org/tiny).", "Ported thanks to tiny"),
        ("", ""),
    ],
)
def test_a_title_has_words_alone(docstring: str, title: str) -> None:
    """A family's title is the first line of its docstring without addresses and marks of links."""
    assert first_line(docstring) == title
