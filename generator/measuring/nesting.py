"""Check the order in which a model names its modules and parameters: the figures of modules rely on it.

``nn.Module`` gives them in the order of their nesting, but a model can override its methods.
"""

from __future__ import annotations

from collections.abc import Sequence

# The most letters of a name. None of timm's has 200, and each stands in several files.
LONGEST = 1000


def check(paths: Sequence[str], tensors: Sequence[str]) -> None:
    """Check names of modules and of parameter tensors.

    The model itself comes first. A module comes after the one around it, and all modules inside it follow it directly.
    Tensors are in the order of their modules.

    Raises:
        ValueError: a name is not in this order, comes twice, or is too long.
    """
    if not paths or paths[0]:
        raise ValueError("named_modules() does not begin with the model itself")
    place = {path: index for index, path in enumerate(paths)}
    if len(place) < len(paths):
        raise ValueError("named_modules() names a module twice")
    if len(set(tensors)) < len(tensors):
        raise ValueError("named_parameters() names a tensor twice")
    longest = max(map(len, (*paths, *tensors)))
    if longest > LONGEST:
        raise ValueError(f"the name of a module or tensor has {longest:,} letters")
    around = [""]
    for path in paths[1:]:
        outer = path.rpartition(".")[0]
        while around and around[-1] != outer:
            around.pop()
        if not around:
            raise ValueError(f"named_modules() gives {path} apart from the module around it")
        around.append(path)
    latest = 0
    for tensor in tensors:
        # -1 is before every module.
        own = place.get(tensor.rpartition(".")[0], -1)
        if own < latest:
            raise ValueError(f"named_parameters() gives {tensor} out of the order of the modules")
        latest = own
