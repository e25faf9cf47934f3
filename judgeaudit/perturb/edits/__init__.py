"""Edits written in Python, by kind of artifact; perturbations/*.yaml name them."""
