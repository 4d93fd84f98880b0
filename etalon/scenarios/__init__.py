"""What scenarios work with, whatever the vendor: they send, and make evidence of what comes."""
