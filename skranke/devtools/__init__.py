"""For those who test and try: the demo desk and the emulator."""
