"""What ./scripts/bench runs: every speed and size that the project promises, measured on the real thing."""
