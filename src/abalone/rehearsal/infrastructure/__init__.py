"""An environment of Terraform in an account on this machine, from nothing to nothing."""
