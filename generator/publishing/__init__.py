"""Write models to data files and badges. Site and commands come in; it imports facts, store, ranking and pages."""
