"""What a reader of the page has chosen: a scenario, where they look, and the address that carries both."""
