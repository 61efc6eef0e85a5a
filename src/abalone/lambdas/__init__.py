"""The functions that AWS Lambda runs between the stages of the delivery path.

Each module named after a function has its `handler`. They are packed without any dependency: the runtime has boto3.
"""
