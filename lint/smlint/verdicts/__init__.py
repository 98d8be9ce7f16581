"""Which accesses AWS will refuse, and the one cause of each that a person would mend."""
