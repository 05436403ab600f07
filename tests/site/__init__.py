"""Tests of what runs inside MkDocs."""
