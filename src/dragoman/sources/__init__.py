"""Sources: from what the model marks around a cue to attributions (`attributions.attributions`)."""
