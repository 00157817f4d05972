"""Glue Data Quality. Not built; the package is here so that generated scripts that only import it still run."""
