"""Documents: from bytes to `Report`s. `load.load` reads inputs, `text.make_report` one text."""
