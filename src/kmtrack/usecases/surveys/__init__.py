"""Questionnaires: whom to ask, forms out and back, answers, and what they say."""
