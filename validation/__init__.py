"""Checks of published figures by other means than those that made them. They import nothing of how these were made."""
