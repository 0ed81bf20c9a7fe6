"""安全评估: scores, overriding answers and professional judgement, kept apart and never lowered by itself."""
