"""What those who test against a desk may do to it: set its clock, put it back.

Everything lies under `/_desk`. Only `health` is there on every desk; the rest needs
`--emulator`, and a token for whoever does not call from this machine.
"""
