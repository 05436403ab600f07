"""Programs that maintainers run now and then; a build needs none of them."""
