"""Whose turn it is: the next ticket for an agent, and taking tickets over."""
