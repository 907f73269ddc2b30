"""Surveys: due respondents, forms, answers and reports."""
