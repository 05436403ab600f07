"""The size of every timm model: inspected, ranked and laid out as a static site."""


def __getattr__(name: str) -> str:
    """The version as ``__version__``: looking it up takes longer than all else that is imported before the command."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import version

    return version("timm-atlas")
