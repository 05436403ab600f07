"""What whoever keeps the project runs now and then; nothing of it is needed to build."""
