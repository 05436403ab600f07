"""Checks of published figures by other methods than those that made them."""
