"""An example → an exchange: config, transport, clients, and the mocked portals."""
