"""Classes of licences, by what their texts allow: a reading aid, never legal advice.

timm names a licence by a short string, or names none. A licence that is not in the table here has the class unknown,
whatever its name suggests, and a test fails until somebody has read the licence.
"""

from __future__ import annotations

PERMISSIVE = "permissive"
COPYLEFT = "copyleft"
NON_COMMERCIAL = "non-commercial"
CUSTOM = "custom terms"
UNKNOWN = "unknown"

# The meaning of each class, in the order in which classes are listed.
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
    # Standard licences that no weights in timm have today.
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
    # Apple's sample code licence, under four names. It grants rights under copyright and excludes patents.
    "apple-ascl": CUSTOM,
    "cvnets-license": CUSTOM,
    "fastvit-license": CUSTOM,
    "mobileone-license": CUSTOM,
    # Commercial use under conditions: forbidden uses, thresholds, duties of those who pass it on, or a right to end it.
    "dinov3-license": CUSTOM,
    "gemma": CUSTOM,
    "nvidia-open-model-license": CUSTOM,
    "qwen-community-1.0": CUSTOM,
    "sapiens2-license": CUSTOM,
    # timm's name for the licence of weights whose publisher names none.
    "unknown": UNKNOWN,
}


def license_class(name: str | None) -> str:
    """The class of a licence, one of `CLASSES`, by timm's name of the licence."""
    return UNKNOWN if name is None else _CLASS_OF.get(name, UNKNOWN)
