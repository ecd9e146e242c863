"""MDO lists: lists of choices, registered by the packages that own their items."""
