"""Render models as text for a terminal: pure functions. The commands come in; it imports facts, ranking and pages."""
