"""Plain facts and their vocabulary. Every wing may import from here; this one imports only the standard library.

Sizes are exact integers, names are timm's, and nothing is formatted. Facts can be read without torch and timm.
"""
