"""Which version of the model serves: the versions there are, and how one of them becomes the champion."""
