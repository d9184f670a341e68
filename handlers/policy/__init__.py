"""The rules of a policy as people read and write them, for both of its editors."""
