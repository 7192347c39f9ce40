"""What holds at a date: positions, threats in force, demands unanswered, commitments open, each with its words."""
