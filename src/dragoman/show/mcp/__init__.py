"""`dragoman mcp`: a ledger for assistants, over the Model Context Protocol on standard input and output.

What assistants read here was written by strangers, some of whom write for assistants. So words of reports only ever
leave under one key (`marking`), the ledger is opened such that nothing can be written, and no tool does anything else.
"""
