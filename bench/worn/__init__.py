"""How the recogniser was taught on worn print (`ocr/worn.py`): lines, training, comparison."""
