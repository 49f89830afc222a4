"""Colours and typefaces."""
