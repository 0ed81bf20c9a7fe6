"""Agencies, posts and the people who hold them: who may act for whom, from when to when."""
