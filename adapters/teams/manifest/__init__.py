"""What Teams is told about the app: manifest, icons, and the package made of them."""
