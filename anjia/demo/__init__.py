"""The demo city: invented people and stories told by the same actions that real work uses."""
