"""How the network that looks at the sides of cells was taught (`layout/side_net.py`)."""
