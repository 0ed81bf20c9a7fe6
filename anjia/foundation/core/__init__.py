"""Small things every floor uses: verdicts, ids, the clock, the batch writer. Knows no agency and no case."""
