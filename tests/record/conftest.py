"""The record's fixtures."""

from record_fixtures import keys, record, server, url

__all__ = ["keys", "record", "server", "url"]
