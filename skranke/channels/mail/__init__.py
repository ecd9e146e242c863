"""Mail out: messages as letters, the outbox, and the way to the SMTP server."""
