"""Benchmarks for ./scripts/bench: every speed and size that the project promises, measured on real builds."""
