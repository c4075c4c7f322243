"""The workbench as people see it: a record some weeks into a case, every page of it, and a browser that looks."""
