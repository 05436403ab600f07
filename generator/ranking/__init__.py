"""Compare models with each other. Every wing that shows models may import from here; it imports only facts."""
