"""A server that answers for the services that no emulator carries under Terraform, and hands everything else to moto.

Each service is one module: a class whose methods are the operations, named as boto3 names them. A request is held
against botocore's model of its service before it is answered, and so is the answer before it is sent. Nothing is run:
what is created, changed and started is kept as records.
"""
