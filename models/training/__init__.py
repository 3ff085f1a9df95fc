"""How the parameters beside this folder are learned; nothing here runs when a note is read."""
