"""Published figures checked by other means than those that made them."""
