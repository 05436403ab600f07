"""Tests of what becomes Markdown."""
