"""Findings → people and machines: results file, HTML, JUnit, terminal."""
