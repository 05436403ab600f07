"""Our figures against others, where both can be had: what `./scripts/validate-memory` runs."""
