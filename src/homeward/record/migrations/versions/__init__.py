"""One script a released schema version."""
