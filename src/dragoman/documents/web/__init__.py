"""Documents fetched from the web: which addresses may be asked, and how an answer is taken in."""
