"""Names: mentions to entities with type, country and office (`entities`), words to days (`times`)."""
