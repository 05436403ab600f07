"""Hooks that run inside MkDocs. Only MkDocs comes in, by mkdocs.yml; it imports facts, store, pages and publishing."""
