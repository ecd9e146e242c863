"""Categories: a tree with members, and the rules by which a ticket finds its owner."""
