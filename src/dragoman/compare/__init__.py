"""Compare: what several reports tell of the same. `alike`: entities that may be one, for somebody to judge."""
