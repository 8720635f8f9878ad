"""The ways to start a campaign: one file each says how it stands in the file."""
