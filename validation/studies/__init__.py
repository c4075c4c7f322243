"""`make validate`: studies of what the library claims, each with bounds stated beforehand, figures and a plot."""
