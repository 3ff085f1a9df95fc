"""From facts to ICD-10-CM codes: rules, conventions, ranking, queries, results."""
