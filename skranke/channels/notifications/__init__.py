"""Who is told inside the desk, by mail or by text message, that something happened."""
