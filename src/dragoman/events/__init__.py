"""Events: from triggers and what hangs on them to who did what to whom, according to whom (`assemble.events`)."""
