"""Page picture -> upright, straight page -> rulings -> grid -> cells; tables joined over pages."""
