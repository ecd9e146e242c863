"""What happens by itself: rooms lend jobs, a worker does what is due, each thing once.

This room knows no concept. A job tells what is due as ids and does one of them; rounds,
claims, failures and the emulator's clock are the same for all.
"""
