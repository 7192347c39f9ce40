"""Training and measuring the model. Never imported by the package."""
