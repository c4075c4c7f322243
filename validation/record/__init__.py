"""What tests and studies of a record share: a server, people, edits by hand, hands that may be killed."""
