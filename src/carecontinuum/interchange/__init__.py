"""Between this library and the forms other systems use; each form in a package of its own."""
