"""How long it takes and how much memory: `make bench`, each figure measured in a process of its own."""
