"""Measure one model: the only wing that imports torch and timm. Only worker processes come in.

From other wings it imports only types and errors, and computes everything itself: cached measurements stay valid until
a file of this folder changes.
"""
