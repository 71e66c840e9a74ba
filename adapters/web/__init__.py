"""Everything this project shows in a browser: the playground, the page behind a case link, and health."""
