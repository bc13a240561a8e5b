"""The service under kills, cuts and edits, held against a model of what it promises."""
