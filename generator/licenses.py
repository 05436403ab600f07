"""What the licences of weights allow, in five classes, by what their texts say: a reading aid, never legal advice.

timm names a licence by a short string, or by none. What is not in the table here is of class unknown, whatever its
name suggests, and a test fails until somebody has read it.
"""

from __future__ import annotations

PERMISSIVE = "permissive"
COPYLEFT = "copyleft"
NON_COMMERCIAL = "non-commercial"
CUSTOM = "custom terms"
UNKNOWN = "unknown"

# What each class means, in the order in which it is told.
CLASSES = {
    PERMISSIVE: "a standard licence that allows any use, commercial use too, if notices are kept",
    COPYLEFT: "a standard licence that allows any use, and asks that derived works are passed on under the same terms",
    NON_COMMERCIAL: "commercial use is not allowed, or nothing but research is",
    CUSTOM: "a text of the publisher's own, with conditions that no standard licence has",
    UNKNOWN: "timm names no licence, or one that nobody has classed yet",
}

_CLASS_OF = {
    "apache-2.0": PERMISSIVE,
    "bsd-3-clause": PERMISSIVE,
    "cc-by-4.0": PERMISSIVE,
    "mit": PERMISSIVE,
    # No weights in timm have these today. They are standard, and their texts do not change.
    "agpl-3.0": COPYLEFT,
    "cc-by-sa-4.0": COPYLEFT,
    "gpl-3.0": COPYLEFT,
    "lgpl-3.0": COPYLEFT,
    "mpl-2.0": COPYLEFT,
    # "exclusively for Research Purposes", which "does not include any commercial exploitation".
    "apple-amlr": NON_COMMERCIAL,
    "cc-by-nc-4.0": NON_COMMERCIAL,
    "fair-noncommercial-research-license": NON_COMMERCIAL,
    # "solely for your non-commercial research purposes".
    "seer-license": NON_COMMERCIAL,
    # Apple's sample code licence, under four names: it grants copyright alone, and says that patents are not included.
    "apple-ascl": CUSTOM,
    "cvnets-license": CUSTOM,
    "fastvit-license": CUSTOM,
    "mobileone-license": CUSTOM,
    # Commercial use under conditions: uses that are ruled out, thresholds, duties when passing on, or an end by notice.
    "dinov3-license": CUSTOM,
    "gemma": CUSTOM,
    "nvidia-open-model-license": CUSTOM,
    "qwen-community-1.0": CUSTOM,
    "sapiens2-license": CUSTOM,
    # timm's own word for weights whose publisher names no licence.
    "unknown": UNKNOWN,
}


def is_classed(name: str) -> bool:
    """Whether somebody has read the licence of this name."""
    return name in _CLASS_OF


def license_class(name: str | None) -> str:
    """The class of a licence by the name that timm gives it, one of `CLASSES`."""
    return UNKNOWN if name is None else _CLASS_OF.get(name, UNKNOWN)
