"""Words for the rules of a policy, shared by both of its editors."""
