"""Ways in and out of the desk: mail, webhooks, notifications."""
