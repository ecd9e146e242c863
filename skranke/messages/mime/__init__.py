"""Mails that strangers wrote: bytes in, bounded and typed parts out."""
