"""Modules of MindSpore's ``dataset`` package that differ from the module that does the work by a few names (paths.py)."""
