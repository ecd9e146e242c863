// Small conveniences of the settings pages.
