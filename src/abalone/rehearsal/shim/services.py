"""The services of the shim, and who answers what they do not."""

from typing import TYPE_CHECKING

from werkzeug.middleware.http_proxy import ProxyMiddleware
from werkzeug.wrappers import Response

from abalone.rehearsal.client import client
from abalone.rehearsal.shim.application import Service
from abalone.rehearsal.shim.autoscaling import AutoScaling
from abalone.rehearsal.shim.cloud9 import Cloud9
from abalone.rehearsal.shim.cloudwatch import CloudWatch
from abalone.rehearsal.shim.codebuild import CodeBuild
from abalone.rehearsal.shim.codecommit import CodeCommit
from abalone.rehearsal.shim.codeconnections import CodeConnections
from abalone.rehearsal.shim.codedeploy import CodeDeploy
from abalone.rehearsal.shim.codepipeline import CodePipeline
from abalone.rehearsal.shim.ec2 import EC2
from abalone.rehearsal.shim.glue import Glue
from abalone.rehearsal.shim.sagemaker import SageMaker
from abalone.rehearsal.shim.servicequotas import ServiceQuotas

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def services(moto: "WSGIApplication", ministack: str) -> tuple[Service, ...]:
    """Return the services, by the names that botocore has for them.

    Args:
        moto: Answers the rest of some.
        ministack: URL of the server that answers the rest of others.
    """
    return (
        Service("autoscaling", AutoScaling(), rest=moto),
        Service("cloud9", Cloud9()),
        Service("cloudwatch", CloudWatch(), rest=moto),
        Service("codebuild", CodeBuild()),
        Service("codecommit", CodeCommit()),
        Service("codeconnections", CodeConnections()),
        Service("codedeploy", CodeDeploy()),
        Service("codepipeline", CodePipeline()),
        Service("ec2", EC2(), rest=moto),
        Service("glue", Glue(client("glue", ministack)), rest=_proxy(ministack)),
        Service("sagemaker", SageMaker(), rest=moto),
        Service("service-quotas", ServiceQuotas()),
    )


def _proxy(url: str) -> "WSGIApplication":
    """What hands every request to another server; the services of AWS that speak JSON have one path alone."""
    middleware = ProxyMiddleware(Response(status=404), {"/": {"target": url}})
    (target,) = middleware.targets.values()
    return middleware.proxy_to(target, "/", "/")
