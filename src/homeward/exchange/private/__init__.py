"""Private match."""
