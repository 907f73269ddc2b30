VALUE_ERRORS: dict[str, str] = {}
