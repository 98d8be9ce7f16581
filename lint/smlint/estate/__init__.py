"""Joins the facts of all files: which policy is attached to which role, which job uses it. Knows nothing of formats."""
