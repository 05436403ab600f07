"""The facts about all models together: a record for each model, the failures, and where the facts come from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter

from generator.facts.inspections import Failure, Inspection, ParameterTensor, Stage
from generator.facts.registry import CatalogEntry, Family
from generator.facts.results import NOTHING, Published, Source
from generator.facts.shapes import ELEMENT_BYTES, Shape, count, in_blocks


@dataclass(frozen=True)
class ModelRecord:
    """All plain facts about one model. Sums over its parameter tensors are computed once, at first use.

    ``date`` is when the model was inspected, UTC, ISO 8601. ``failures`` are those of stages that failed, whose figures
    are missing in the inspection. ``published`` is what others published about the model, which we have not measured.
    """

    entry: CatalogEntry
    inspection: Inspection
    date: str
    failures: tuple[Failure, ...] = ()
    published: Published = NOTHING

    @property
    def name(self) -> str:
        return self.entry.name

    @property
    def tensors(self) -> tuple[ParameterTensor, ...]:
        return self.inspection.tensors

    @cached_property
    def alike(self) -> Counter[tuple[Shape, str, bool]]:
        """Count the tensors of each (shape, dtype, trainable). There are few such kinds, so sums over them are fast."""
        return Counter(map(itemgetter(1, 2, 3), self.tensors))

    @cached_property
    def parameters(self) -> int:
        return sum(count(shape) * tensors for (shape, _, _), tensors in self.alike.items())

    @cached_property
    def trainable_parameters(self) -> int:
        return sum(count(shape) * tensors for (shape, _, trainable), tensors in self.alike.items() if trainable)

    @cached_property
    def parameter_bytes(self) -> int:
        return sum(self.bytes_by_dtype.values())

    @cached_property
    def trainable_bytes(self) -> int:
        return sum(
            count(shape) * ELEMENT_BYTES[dtype] * tensors
            for (shape, dtype, trainable), tensors in self.alike.items()
            if trainable
        )

    @cached_property
    def trainable_blocks(self) -> int:
        """Bytes of the trainable tensors, each in whole blocks of a GPU's allocator: as gradients and states are."""
        return sum(
            in_blocks(count(shape) * ELEMENT_BYTES[dtype]) * tensors
            for (shape, dtype, trainable), tensors in self.alike.items()
            if trainable
        )

    @cached_property
    def bytes_by_dtype(self) -> dict[str, int]:
        """Parameter memory in bytes for each dtype, largest first."""
        totals: Counter[str] = Counter()
        for (shape, dtype, _), tensors in self.alike.items():
            totals[dtype] += count(shape) * ELEMENT_BYTES[dtype] * tensors
        return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0])))

    @property
    def backbone_parameters(self) -> int | None:
        head = self.inspection.head_parameters
        return None if head is None else self.parameters - head

    @property
    def checkpoint_bytes(self) -> int:
        """Bytes of the entries of ``state_dict()``: parameters as created, and persistent buffers."""
        return self.parameter_bytes + self.inspection.persistent_buffer_bytes

    @property
    def has_deploy_form(self) -> bool | None:
        """Whether reparameterization changes the model; ``None`` where that could not be measured."""
        if self.inspection.deploy is not None:
            return True
        # Without a forward pass, the deploy form was not looked for.
        is_known = self.inspection.compute is not None and not any(f.stage == Stage.DEPLOY for f in self.failures)
        return False if is_known else None


@dataclass(frozen=True, slots=True)
class Resized:
    """A model at an input size that the user asked for: its record, in which everything is measured at that size.

    ``img_size`` is the option of ``timm.create_model`` that it was built with; ``None`` if it was created as by
    default.
    """

    record: ModelRecord
    img_size: int | Shape | None

    @property
    def size(self) -> Shape:
        """Height and width, in pixels."""
        assert self.record.entry.input_size is not None, "the user has asked for it"
        return self.record.entry.input_size[1:]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the figures come from. ``patterns`` selected the models; it is empty for the whole registry.

    ``date`` is that of the latest record, UTC, ISO 8601; without records, that of the survey.
    """

    timm_version: str
    torch_version: str
    generator_version: str
    date: str
    registered_models: int
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """The outcome for every model that was asked for: each has a record or a failure.

    ``records`` are in timm's order. ``failed`` has the failures of models without a record; other failures are in the
    record of their model. ``deprecated`` has the successor of each deprecated name, ``None`` if there is none.
    ``sources`` are the tables of others that were read; their rows are in the record of their model.
    """

    records: tuple[ModelRecord, ...]
    failed: tuple[Failure, ...]
    families: tuple[Family, ...]
    provenance: Provenance
    deprecated: dict[str, str | None] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()

    @property
    def is_subset(self) -> bool:
        return bool(self.provenance.patterns)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """All failures: first of models without a record, then of models with one."""
        return (*self.failed, *(failure for record in self.records for failure in record.failures))

    @property
    def failed_models(self) -> int:
        """The number of models that failed, at one stage or several, with a record or without."""
        return len({failure.name for failure in self.failures})

    @property
    def tags(self) -> dict[str, tuple[str, ...]]:
        """The tags of each model, by the model's name."""
        return {record.name: tuple(filter(None, record.entry.tags)) for record in self.records}
