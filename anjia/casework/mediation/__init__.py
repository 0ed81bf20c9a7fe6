"""纠纷调解: what an agreement may not contain, what a court may not confirm, and what ends every mediation."""
