"""Backup, restore, and the drill that proves both."""
