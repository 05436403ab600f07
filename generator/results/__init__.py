"""Read what others published about weights and models. Store, build and maintenance come in; it imports facts, errors.

There is a module for each source, and one reader of CSV for all of them.
"""
