"""The schema's history: one script a released version, never changed afterwards."""
