"""The register, the organizations, and how both change."""
