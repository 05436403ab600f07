"""The size of every timm model: inspected, ranked and laid out as a static site."""

from importlib.metadata import version

__version__ = version("timm-atlas")
