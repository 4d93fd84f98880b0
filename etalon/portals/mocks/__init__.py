"""Mocked portals as real HTTP applications, with switchable faults.

They are written from the vendors' pages and from how real portals behave, and import nothing from
`etalon.judging` or `etalon.generation`: a misreading shared with the judge would pass its own test.
"""
