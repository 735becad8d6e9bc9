"""What answers the page: worlds lived by warm worker processes, kept and shared between all who ask."""
