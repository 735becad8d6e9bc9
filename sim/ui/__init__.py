"""The page: `bandung ui` serves it. The model knows nothing of it."""
