"""调解员: who may mediate, who has room for one more, and who must not touch this family's dispute."""
