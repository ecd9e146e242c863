"""What is thrown away: deleted tickets and spam, back again, and purged at last."""
