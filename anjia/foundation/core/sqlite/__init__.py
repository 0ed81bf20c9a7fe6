"""SQLite as this house uses it: whoever writes waits in one queue a process."""
