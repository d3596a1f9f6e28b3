"""Every Green Button address: who may read it, and which document answers."""
