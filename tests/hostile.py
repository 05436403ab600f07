"""Models that name things as nobody should, or are built as nobody expects: what others wrote, at its worst.

They are registered with the timm of a worker process, so that the registry and the inspection meet them as they would
meet a model of timm. Names say what is odd. `read_catalog` and `inspect` are functions for workers.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from generator.build import workers
from generator.build.serving import Last
from generator.facts.inspections import Outcome, Stage
from generator.facts.registry import Catalog, CatalogEntry
from generator.facts.texts import is_storable, printable
from generator.measuring import catalog

# Leaves an element or a trace in a page that does not escape it.
ELEMENT: Final = "<atlas-foreign onfocus=alert(7)>"
# Names of modules have no dots, so these have none either.
SCRIPT: Final = "<script>foreign=7</script>"
IMAGE: Final = '"><img src=/foreign onerror="foreign=8">'
# A tag that would end a block of code, a summary and a table.
BROKEN_TAG: Final = f"in1k\n```\n\n</summary></details>{ELEMENT}{SCRIPT}|`x`"
FORMULA: Final = "=HYPERLINK(0)"
COMMAND: Final = "\x1b[2J\x1b]0;foreign\x07"
# Turns the direction of what follows.
TURNING: Final = "\u202edlrow\u202c"
HALF: Final = "\udc80"
FAMILY: Final = "hostile"
# A model of timm beside them.
PLAIN: Final = "test_resnet"

# The names that no page can have.
NAMES: Final = (
    "README",
    "index",
    "odd|pipe",
    'odd"quote',
    "odd'quote",
    "odd#hash",
    "odd%2e",
    "odd{{brace}}",
    "odd name",
    "odd/../../up",
    "../odd",
    "-odd",
    "größe",
    f"odd{TURNING}",
    "o" * 300,
    f"odd{HALF}",
    f"odd{COMMAND}",
    f"odd{SCRIPT}",
    '--8<-- "index.md"',
    "ODD_NAMES",
)


def _settings() -> dict[str, dict[str, Any]]:
    """The settings of tags that cannot be used, by the name of a model that has such a tag beside a good one."""
    return {
        "odd_crop": {"crop_pct": "all"},
        "odd_no_crop": {"crop_pct": None},
        "odd_nan": {"test_crop_pct": float("nan")},
        "odd_infinite": {"crop_pct": float("inf")},
        "odd_vast_crop": {"crop_pct": 10**400},
        "odd_unsized": {"input_size": None},
        "odd_letters": {"input_size": ("a", "b", "c")},
        "odd_flat": {"input_size": (224, 224)},
        "odd_true": {"input_size": (True, 8, 8)},
        "odd_vast": {"input_size": (3, 2**70, 8)},
        "odd_licences": {"license": ["mit", "apache-2.0"]},
        "odd_bytes": {"description": b"bytes"},
        "odd_no_bytes": {"description": b""},
        "odd_set": {"notes": {"one", "two"}},
        "odd_mean": {"mean": 0.5},
        "odd_std": {"std": ("a",)},
        "odd_classes": {"num_classes": None},
        "odd_vast_classes": {"num_classes": 2**70},
        "odd_half": {"paper_name": f"half{HALF}"},
        "odd_long": {"description": "x" * 20_000_000},
        "odd_number": {"hf_hub_id": 5},
    }


def _models() -> dict[str, Callable[[], Any]]:
    """The constructors of odd models, by name."""
    import torch
    from torch import nn

    class Net(nn.Module):
        """A net of two parts, each with a linear layer."""

        def __init__(self, *names: str, part: type[nn.Module] = nn.Linear) -> None:
            super().__init__()
            for name in names or ("one", "two"):
                self.add_module(name, part(8, 8))

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            for part in self.children():
                image = part(image)
            return image

    class Reversed(Net):
        def named_parameters(self, *args: Any, **kwargs: Any) -> Iterator[tuple[str, nn.Parameter]]:
            yield from reversed([*super().named_parameters(*args, **kwargs)])

    class Rootless(Net):
        def named_modules(self, *args: Any, **kwargs: Any) -> Iterator[tuple[str, nn.Module]]:
            yield from [*super().named_modules(*args, **kwargs)][1:]

    class Twice(Net):
        def named_modules(self, *args: Any, **kwargs: Any) -> Iterator[tuple[str, nn.Module]]:
            yield from [*super().named_modules(*args, **kwargs)] * 2

    class Vast(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.empty(2**31, 2**29))

    class Claiming(Net):
        """It claims of its feature map what it is asked to claim."""

        claim: Any = None

        def __init__(self) -> None:
            super().__init__("one")
            levels = [{"module": "one", "num_chs": self.claim, "reduction": 1}]
            self.feature_info = types.SimpleNamespace(get_dicts=lambda: levels)

        def forward(self, image: torch.Tensor) -> Any:
            return [image]

    class SilentError(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no message")

    def raising(error: BaseException) -> Callable[[], Any]:
        def constructor() -> Any:
            print(COMMAND, "printed by a model")
            raise error

        return constructor

    foreign = type(f"Part{ELEMENT}{IMAGE}{COMMAND}", (nn.Linear,), {})
    return {
        "odd_names": lambda: Net(SCRIPT, IMAGE, "{{ 7 * 7 }}", "a|b`c`", TURNING, part=foreign),
        "odd_digits": lambda: Net("¹", "²", "³", "1" * 400, "2" * 400),
        "odd_reversed": Reversed,
        "odd_rootless": Rootless,
        "odd_twice": Twice,
        "odd_sized": Vast,
        "odd_long_name": lambda: Net("x" * 20_000),
        "odd_parameter": lambda: Net(f"half{HALF}"),
        "odd_message": raising(ValueError(f"{COMMAND}{HALF}{SCRIPT}{TURNING}")),
        "odd_long_message": raising(ValueError("y" * 20_000_000)),
        "odd_silent": raising(SilentError()),
        "odd_claim": type("Claiming", (Claiming,), {"claim": "eight"}),
        "odd_vast_claim": type("Claiming", (Claiming,), {"claim": 2**62}),
        **dict.fromkeys(_settings(), Net),
        **dict.fromkeys(NAMES, Net),
    }


# The stage at which each of the others fails; the models that fail at a later one have a page as well.
FAILING: Final = {
    **dict.fromkeys([name if is_storable(name) else printable(name) for name in NAMES], Stage.REGISTRY),
    **dict.fromkeys(_settings(), Stage.REGISTRY),
    "odd_reversed": Stage.MEASURE,
    "odd_rootless": Stage.MEASURE,
    "odd_twice": Stage.MEASURE,
    "odd_sized": Stage.MEASURE,
    "odd_long_name": Stage.MEASURE,
    "odd_parameter": Stage.MEASURE,
    "odd_message": Stage.CREATE,
    "odd_long_message": Stage.CREATE,
    "odd_silent": Stage.CREATE,
    "odd_claim": Stage.PYRAMID,
    "odd_vast_claim": Stage.PYRAMID,
}
WITH_PAGE: Final = ("odd_names", "odd_digits", "odd_claim", "odd_vast_claim", PLAIN)


def register() -> None:
    """Register the odd models with this process's timm, once."""
    if FAMILY in sys.modules:
        return
    from timm.models import generate_default_cfgs, register_model

    module = types.ModuleType(FAMILY, f"{ELEMENT}{SCRIPT} nets\n`Paper {IMAGE}` - https://example.org/{IMAGE}")
    sys.modules[FAMILY] = module
    size = {"input_size": (8, 8, 8), "hf_hub_id": "timm/"}
    tags: dict[str, dict[str, Any]] = {
        f"odd_names.{BROKEN_TAG}": {
            "license": FORMULA,
            "description": f"{SCRIPT}\n\n{ELEMENT}",
            "origin_url": "javascript:foreign=9",
            "notes": (IMAGE, f"{COMMAND}{TURNING}"),
            "paper_ids": (f"arXiv:1) {ELEMENT}", IMAGE),
            "paper_name": f"*A* [paper](javascript:alert) {SCRIPT}",
            "crop_mode": f"{ELEMENT}|",
            "interpolation": "`{: onclick=alert() }`",
        },
        "odd_names.schemeless": {"origin_url": "github.com/foo/bar", "license": f"l{ELEMENT}"},
        "odd_names.script": {"hf_hub_id": None, "url": "javascript:foreign=10"},
        "odd_names.bracket": {"hf_hub_id": None, "url": f"https://[{IMAGE}"},
        "odd_names.file": {"hf_hub_id": None, "file": f"/tmp/`{IMAGE}|"},
        "odd_digits": {"origin_url": 'https://example.org/a(b)|"c"&copy;<d>'},
    }
    for name, setting in _settings().items():
        tags[f"{name}.good"] = {}
        tags[f"{name}.odd"] = setting
    for name in ("odd_claim", "odd_vast_claim"):
        tags[f"{name}.good"] = {}
    # Plain dictionaries, which timm does not check.
    settings: dict[str, Any] = {key: {**size, **setting} for key, setting in tags.items()}
    module.default_cfgs = generate_default_cfgs(settings)  # type: ignore[attr-defined]
    for name, made in _models().items():
        register_model(_entrypoint(name, made))


def _entrypoint(name: str, made: Callable[[], Any]) -> Callable[..., Any]:
    def entrypoint(pretrained: bool = False, **_: object) -> Any:
        return made()

    entrypoint.__name__, entrypoint.__module__ = name, FAMILY
    return entrypoint


def read_catalog() -> Catalog:
    """The catalog of the odd models and the plain one."""
    register()
    found = catalog.read()
    asked = {*_models(), PLAIN}
    entries = tuple(entry for entry in found.entries if entry.name in asked or entry.problem is not None)
    families = {entry.family for entry in entries}
    return replace(
        found,
        entries=entries,
        families=tuple(family for family in found.families if family.name in families),
        deprecated={f"odd_old{ELEMENT}": "odd_names"},
    )


def inspect(entry: CatalogEntry, *others: Any) -> Outcome | Last:
    """Inspect one of them, as workers inspect models."""
    register()
    return workers.inspect_model(entry, *others)
