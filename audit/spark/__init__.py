"""The audit of a Spark DataFrame: a row a note goes in, findings come out, those of `corrin audit`.

`audit_frame` gives the findings. `audit_records` gives a record an encounter, from which `findings_of` and
`errors_of` are drawn: keep it where both are wanted, or each works through the notes again.
"""

from __future__ import annotations

from audit.spark.frames import audit_frame, audit_records, errors_of, findings_of, write_findings

__all__ = ["audit_frame", "audit_records", "errors_of", "findings_of", "write_findings"]
