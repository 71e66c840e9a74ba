"""Microsoft Teams: the only place of Microsoft's SDK. README.md says what lives in which file."""
