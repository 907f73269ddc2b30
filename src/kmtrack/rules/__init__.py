"""The rules of the contract: pure functions over one company's dossier, standard library only."""
