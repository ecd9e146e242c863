"""What helps to write a message: clean html, its text, a beginning, its recipients."""
